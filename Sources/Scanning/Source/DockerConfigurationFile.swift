import Foundation
import OCI
import Sealing

/// One `config.json` or `auth.json`. Source: docker-config(1); containers-auth.json(5).
struct DockerConfigurationFile: Sendable {
    private(set) var logins: [String: DockerConfiguration.Login] = [:]
    private(set) var helpers: [String: String] = [:]
    private(set) var store: String?

    /// Larger files are no configuration.
    static let limitInBytes = 1 << 20

    init(path: String) throws(ScanError) {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }  // Read-only: nothing can be lost.
            data = try handle.read(upToCount: DockerConfigurationFile.limitInBytes + 1) ?? Data()
        } catch {
            throw DockerConfigurationFile.unusable(path, "cannot be read")
        }
        try self.init(data, path: path)
    }

    /// What `data` says; `path` is its name in errors.
    init(_ data: Data, path: String) throws(ScanError) {
        guard data.count <= DockerConfigurationFile.limitInBytes else {
            throw DockerConfigurationFile.unusable(path, "is too large for a Docker configuration")
        }
        guard JSONBounds.isShallow(data) else {
            throw DockerConfigurationFile.unusable(path, "is nested too deeply for a Docker configuration")
        }
        let text: Text
        do {
            text = try JSONDecoder().decode(Text.self, from: data)
        } catch {
            throw DockerConfigurationFile.unusable(path, "is no Docker configuration")
        }
        store = text.credsStore.flatMap { $0.isEmpty ? nil : $0 }
        for (server, helper) in text.credHelpers ?? [:] where !helper.isEmpty {
            helpers[DockerConfigurationFile.key(server)] = helper
        }
        for (server, entry) in text.auths ?? [:] {
            let key = DockerConfigurationFile.key(server)
            do throws(Entry.Unreadable) {
                if let login = try entry.login() { logins[key] = login }
            } catch {
                logins[key] = .damaged(
                    ScanError(
                        .unusableInput,
                        "the login for \(key) in \(path) cannot be read",
                        hint: "Log in again with docker login, or go without with --anonymous"
                    )
                )
            }
        }
    }

    private static func unusable(_ path: String, _ problem: String) -> ScanError {
        ScanError(
            .unusableInput,
            "\(path) \(problem)",
            hint: "Put it right, or go without logins with --anonymous"
        )
    }

    /// `https://index.docker.io/v1/` and `index.docker.io/v1` are one server.
    private static func key(_ server: String) -> String {
        var key = server[...]
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) { key = key.dropFirst(scheme.count) }
        while key.hasSuffix("/") { key.removeLast() }
        return String(key)
    }

    private struct Text: Decodable {
        var auths: [String: Entry]?
        var credHelpers: [String: String]?
        var credsStore: String?
    }

    private struct Entry: Decodable {
        struct Unreadable: Error {}

        var auth: String?
        var username: String?
        var password: String?
        var identitytoken: String?

        /// Nil for the empty entries that stand for logins in a store.
        func login() throws(Unreadable) -> DockerConfiguration.Login? {
            // An identity token takes the place of a password under this name. Source: distribution, auth/oauth.md.
            if let identitytoken, !identitytoken.isEmpty {
                return .basic(username: "<token>", password: Secret(identitytoken))
            }
            if let username, let password, !username.isEmpty {
                return .basic(username: username, password: Secret(password))
            }
            guard let auth, !auth.isEmpty else { return nil }
            guard let decoded = Data(base64Encoded: auth), let colon = decoded.firstIndex(of: UInt8(ascii: ":")) else {
                throw Unreadable()
            }
            let name = String(decoding: decoded[..<colon], as: UTF8.self)
            // Old Docker versions padded the pair with zero bytes.
            let password = decoded[decoded.index(after: colon)...].filter { $0 != 0 }
            guard !name.isEmpty, !password.isEmpty else { throw Unreadable() }
            return .basic(username: name, password: Secret(password))
        }
    }
}
