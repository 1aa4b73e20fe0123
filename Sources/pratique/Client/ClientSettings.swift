import Foundation
import Sealing

/// What a command works with, put together from its options, then the environment, then the stored profile.
struct ClientSettings: Sendable {
    let address: ServerAddress
    let key: Secret?
    /// An id or a name.
    let organization: String?
    let defaultProject: ServerProfile.Choice?
    let caCertificate: String?
    let insecureHTTP: Bool

    static var processVariables: [String: String] { ProcessInfo.processInfo.environment }

    /// A key in the environment works for any server. The stored key, and the defaults stored with it, are for the server
    /// they were stored for: a wrong `--url` must not carry the key to somebody else.
    init(options: ConnectionOptions, variables: [String: String]) throws {
        let environmentKey = try Self.key(variables: variables)
        let named = options.url ?? Self.value("PRATIQUE_URL", in: variables)
        let needsProfile = named == nil || environmentKey == nil
        let stored = try Self.profile(variables: variables, isNeeded: needsProfile)
        if let named {
            address = try ServerAddress(named)
        } else if let stored {
            address = stored.address
        } else {
            throw CommandFailure.usage("no server is set", hint: "pratique login --url URL, --url or PRATIQUE_URL")
        }
        let profile = stored?.address == address ? stored : nil
        key = environmentKey ?? profile?.key
        organization =
            options.organization ?? Self.value("PRATIQUE_ORGANIZATION", in: variables)
            ?? profile?.organization?.id.description
        // A project is only a default inside the organization it was chosen with.
        let keepsOrganization = organization == profile?.organization?.id.description
        defaultProject = keepsOrganization ? profile?.project : nil
        caCertificate =
            options.caCertificate ?? Self.value("PRATIQUE_CA_CERTIFICATE", in: variables) ?? profile?.caCertificate
        insecureHTTP = options.insecureHTTP
    }

    /// The settings of a login. Of what is stored already it takes the address only, and only when none is given, so that
    /// a profile that cannot be read any more can be replaced. Stored defaults may belong to another user.
    init(login options: ConnectionOptions, variables: [String: String]) throws {
        if let named = options.url ?? Self.value("PRATIQUE_URL", in: variables) {
            address = try ServerAddress(named)
        } else if let stored = try ProfileFile(variables: variables).load() {
            address = stored.address
        } else {
            throw CommandFailure.usage("no server is named", hint: "pratique login --url https://pratique.example.org")
        }
        key = nil
        organization = options.organization ?? Self.value("PRATIQUE_ORGANIZATION", in: variables)
        defaultProject = nil
        caCertificate = options.caCertificate ?? Self.value("PRATIQUE_CA_CERTIFICATE", in: variables)
        insecureHTTP = options.insecureHTTP
    }

    /// The variable's value; one that is empty counts as not set.
    static func value(_ name: String, in variables: [String: String]) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func key(variables: [String: String]) throws -> Secret? {
        let inline = value("PRATIQUE_API_KEY", in: variables)
        let file = value("PRATIQUE_API_KEY_FILE", in: variables)
        guard inline == nil || file == nil else {
            throw CommandFailure.usage("PRATIQUE_API_KEY and PRATIQUE_API_KEY_FILE are both set", hint: "unset one")
        }
        if let inline { return try SecretSource.clean(Array(inline.utf8), label: "key in PRATIQUE_API_KEY") }
        guard let file else { return nil }
        return try SecretSource.file(file).read(label: "key in PRATIQUE_API_KEY_FILE", variables: variables)
    }

    /// Without a home there is no profile, which is no obstacle when the environment says everything.
    private static func profile(variables: [String: String], isNeeded: Bool) throws -> ServerProfile? {
        do {
            return try ProfileFile(variables: variables).load()
        } catch  where !isNeeded {
            return nil
        }
    }
}
