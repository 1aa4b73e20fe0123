import Foundation
import Sealing

/// What `pratique login` remembers: one server, the key for it, and what commands mean when they do not say.
struct ServerProfile: Sendable {
    /// An id with the name it had when it was chosen, for people who read the file.
    struct Choice: Codable, Hashable, Sendable {
        let id: ResourceID
        let name: String
    }

    let address: ServerAddress
    let key: Secret
    var organization: Choice?
    var project: Choice?
    /// The certificates to trust besides the system's, as an absolute path.
    var caCertificate: String?
}

extension ServerProfile {
    // Secret is not Encodable on purpose, so the form with the key in it exists here only.
    private struct Stored: Codable {
        let url: String
        let apiKey: String
        let organization: Choice?
        let project: Choice?
        let caCertificate: String?
    }

    /// Throws a ``CommandFailure`` when `json` is not what ``encoded()`` writes.
    init(json: [UInt8]) throws {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(json)) else {
            // The decoder's own words could quote the key.
            throw CommandFailure("the stored profile is damaged", hint: "log in again: pratique login --url URL")
        }
        self.init(
            address: try ServerAddress(stored.url),
            key: Secret(stored.apiKey),
            organization: stored.organization,
            project: stored.project,
            caCertificate: stored.caCertificate
        )
    }

    func encoded() throws -> [UInt8] {
        let stored = Stored(
            url: address.description,
            apiKey: key.withBytes { String(decoding: $0, as: UTF8.self) },
            organization: organization,
            project: project,
            caCertificate: caCertificate
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(stored)) + [UInt8(ascii: "\n")]
    }
}
