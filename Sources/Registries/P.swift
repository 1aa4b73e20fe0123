enum PlaceholderRegistries {}
