import ArgumentParser

/// The form in which a command prints its data.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table
    case json
}
