enum PlaceholderSealing {}
