import Foundation
import Sealing
import Storage

/// Loads the root keys and holds them against what the database was sealed with, before anything depends on them.
struct KeyringLoader: Sendable {
    let settings: ServerSettings
    let directory: DataDirectory

    /// The keys from where the settings say. In the data directory the first key is made when there is no database yet; a
    /// missing key beside a database is never replaced, unless the operator has said that unreadable rows are all right.
    func load() throws -> Keyring {
        let source: any RootKeySource
        switch settings.rootKeySource {
        case .text(let text): source = RootKeyText(text, setting: Setting.rootKey.key)
        case .file(let path): source = RootKeyFile(path: path)
        case .dataDirectory:
            let isMissing = !FileManager.default.fileExists(atPath: directory.rootKey)
            if isMissing, !directory.hasDatabase || settings.allowsUnreadable {
                try RootKeyFile.create(path: directory.rootKey, key: RootKey.random())
            }
            source = RootKeyFile(path: directory.rootKey)
        }
        return try Keyring(source.load())
    }

    /// Opens the canary of every root key that was ever used here and notes the active one. Returns how many credentials cannot
    /// be opened, which is 0 unless `allow-unreadable` is set. Throws ``StartError`` with the count otherwise.
    func check(_ keyring: Keyring, against database: any Database) async throws -> Int {
        let known = try await database.read { session in try RootKeyStore(session).list() }
        let missing = known.filter { !keyring.contains($0.id) }
        for entry in known where keyring.contains(entry.id) {
            do {
                try keyring.check(canary: entry.canary)
            } catch {
                throw StartError(
                    "the canary of root key \(entry.id) does not open: the database was changed by somebody else"
                )
            }
        }
        let unreadable = missing.reduce(0) { $0 + $1.credentials }
        guard missing.isEmpty || settings.allowsUnreadable else {
            throw StartError(KeyringLoader.missingMessage(missing.map(\.id), unreadable))
        }
        if !known.contains(where: { $0.id == keyring.active }) {
            let canary = try keyring.canary()
            try await database.write { session in
                try RootKeyStore(session).insert(keyring.active, canary: canary, at: Date())
            }
        }
        return unreadable
    }

    /// What depends on the keys when none can be loaded: the words to put behind the reason. Nil when nothing does.
    static func needForKeys(_ database: any Database) async throws -> String? {
        let known = try await database.read { session in try RootKeyStore(session).list() }
        guard !known.isEmpty else { return nil }
        let ids = known.map(\.id.description).joined(separator: ", ")
        return "\(known.reduce(0) { $0 + $1.credentials }) credentials cannot be opened without root key \(ids)"
    }

    private static func missingMessage(_ ids: [RootKeyID], _ unreadable: Int) -> String {
        """
        \(unreadable) credentials cannot be opened: the keyring lacks root key \(ids.map(\.description).joined(separator: ", ")). \
        Put the key back as a further line of the root key file (or of root-key); \
        or start with --allow-unreadable, which keeps these credentials read-only
        """
    }
}
