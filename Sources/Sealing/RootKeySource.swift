import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the root keys of this node come from.
public protocol RootKeySource: Sendable {
    /// What to call it in an error: a path or a setting's name, never a key.
    var name: String { get }

    /// The keys, the active one first. Throws ``SealingError``.
    func load() throws -> [RootKey]
}

/// Keys in text: one a line, the active key first, older keys that may still open below; `#` starts a comment.
public struct RootKeyText: RootKeySource {
    /// The setting that the text came from.
    public let name: String
    private let text: Secret

    /// Keys in the value `text` of the setting `name`. A comma separates keys as a line break does.
    public init(_ text: Secret, setting name: String) {
        self.text = text
        self.name = name
    }

    /// Parses every line.
    public func load() throws -> [RootKey] {
        let lines = text.withBytes { String(decoding: $0, as: UTF8.self) }.split(whereSeparator: \.isNewline)
        var keys: [RootKey] = []
        // The comment goes first: it may have commas of its own.
        for part in lines.flatMap({ line in line.prefix { $0 != "#" }.split(separator: ",") }) {
            let text = part.trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty else { continue }
            do {
                keys.append(try RootKey(text: text))
            } catch {
                throw SealingError(error.code, "\(name): \(error.message)")
            }
        }
        guard !keys.isEmpty else { throw SealingError(.invalidRootKey, "\(name): there is no root key in it") }
        return keys
    }
}

/// Keys in a file that only its owner (and a trusted group) may read.
public struct RootKeyFile: RootKeySource {
    /// Larger files are refused: a keyring of 100 keys has 5 KB.
    public static let sizeLimitInBytes = 65_536

    /// The path.
    public let name: String

    /// Keys in the file at `path`.
    public init(path: String) {
        name = path
    }

    /// Reads the file. Throws ``SealingError/Code/unreadableRootKey`` when it is missing, is not a regular file, or others may
    /// read it or its group may write it.
    public func load() throws -> [RootKey] {
        let descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }

        // The mode is asked of the open file, so that it cannot be exchanged between check and read.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable("it is not a regular file") }
        guard status.st_mode & 0o027 == 0 else {
            throw unreadable("its mode lets other users at it; run: chmod 0600 '\(name)'")
        }
        guard status.st_uid == 0 || status.st_uid == geteuid() else { throw unreadable("it belongs to another user") }
        guard status.st_size <= RootKeyFile.sizeLimitInBytes else { throw unreadable("it is larger than 64 KiB") }

        var length = 0
        let text = Secret(count: RootKeyFile.sizeLimitInBytes) { buffer in
            while length < buffer.count {
                let got = read(descriptor, buffer.baseAddress?.advanced(by: length), buffer.count - length)
                guard got > 0 else { break }
                length += got
            }
        }
        return try RootKeyText(text.withBytes { Secret($0.prefix(length)) }, setting: name).load()
    }

    /// Writes a new file of mode 0600 that holds `key`, and syncs it to disk. Fails if the file exists.
    public static func create(path: String, key: RootKey) throws {
        let source = RootKeyFile(path: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw source.unreadable("it cannot be created: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let written = key.withText { write(descriptor, $0.baseAddress, $0.count) == $0.count }
        guard written, fsync(descriptor) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(path)
            throw source.unreadable("it cannot be written: \(reason)")
        }
        // The name too must survive a power failure: the database that will need the key is synced from its first commit on.
        let directory = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    private func unreadable(_ reason: String) -> SealingError {
        SealingError(.unreadableRootKey, "the root key file \(name) cannot be used: \(reason)")
    }
}
