import Layers

/// Knows the files of one ecosystem: which they are, and what they say.
protocol Cataloguer: Sendable {
    /// What the names of its files have in common; ``reader(for:)`` is asked only where one of them fits.
    var clues: [Clue] { get }

    /// How `entry` is read; nil when it is none of its files after all. The reader makes a ``FileReading``, or nil.
    func reader(for entry: LayerEntry) -> (any FileReader)?

    /// Whether the file at `path` is a database that every layer rewrites whole, so that only older versions of it tell which
    /// layer brought a package.
    func isDatabase(_ path: String) -> Bool
}

extension Cataloguer {
    func isDatabase(_ path: String) -> Bool { false }
}
