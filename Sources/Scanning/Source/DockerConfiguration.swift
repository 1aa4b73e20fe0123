import Foundation
public import OCI
public import Sealing

/// The registry logins that Docker, Podman and Skopeo keep on this machine.
///
/// Source: docker-credential-helpers README; containers-auth.json(5). Files are read and never written.
public struct DockerConfiguration: Sendable {
    /// How to log in to one registry.
    public enum Login: Sendable {
        /// A username and a password or token.
        case basic(username: String, password: Secret)
        /// A helper program knows: `docker-credential-<helper>`, asked for this server.
        case helper(String, server: String)
    }

    /// Larger files are no configuration.
    static let fileLimitInBytes = 1 << 20

    private let files: [File]

    /// Reads the files that exist; `environment` says where they are. Throws ``ScanError`` when one is damaged.
    public init(environment: [String: String]) throws(ScanError) {
        var files: [File] = []
        for path in DockerConfiguration.paths(environment) where FileManager.default.fileExists(atPath: path) {
            files.append(try File(path: path))
        }
        self.files = files
    }

    /// The first is asked first. Source: containers-auth.json(5), "FORMAT"; docker-config(1).
    static func paths(_ environment: [String: String]) -> [String] {
        var paths: [String] = []
        let home = environment["HOME"] ?? NSHomeDirectory()
        if let file = environment["REGISTRY_AUTH_FILE"], !file.isEmpty { paths.append(file) }
        if let directory = environment["DOCKER_CONFIG"], !directory.isEmpty {
            paths.append(directory + "/config.json")
        } else {
            paths.append(home + "/.docker/config.json")
        }
        if let runtime = environment["XDG_RUNTIME_DIR"], !runtime.isEmpty {
            paths.append(runtime + "/containers/auth.json")
        }
        paths.append((environment["XDG_CONFIG_HOME"] ?? home + "/.config") + "/containers/auth.json")
        return paths
    }

    /// How to log in for a repository of a registry; nil when nothing is known.
    ///
    /// `host` is as in a reference (`docker.io`, `registry.example.com:5000`). Of several entries the longest path wins.
    public func login(host: String, repository: String) -> Login? {
        let keys = DockerConfiguration.keys(host: host, repository: repository)
        for file in files {
            for key in keys {
                if let helper = file.helpers[key] { return .helper(helper, server: key) }
                if let login = file.logins[key] { return login }
            }
            if let store = file.store { return .helper(store, server: keys.last ?? host) }
        }
        return nil
    }

    /// The name and the password or token for an image; nil when nobody has logged in. Throws ``ScanError`` when a helper fails.
    public func credential(for image: ImageReference) async throws -> (username: String, password: Secret)? {
        switch login(host: image.registry, repository: image.repository) {
        case nil: return nil
        case .basic(let username, let password): return (username, password)
        case .helper(let name, let server):
            // Docker Hub's logins are kept under its first address. Source: docker-credential-helpers README.
            let key = image.registry == ImageReference.dockerHub ? "https://index.docker.io/v1/" : server
            return try await LoginProgram(name: name).login(server: key)
        }
    }

    /// What an entry for the repository may be called, the most special first; Docker Hub's historic key is the last.
    static func keys(host: String, repository: String) -> [String] {
        var keys: [String] = []
        var parts = repository.split(separator: "/").map(String.init)
        while !parts.isEmpty {
            keys.append(([host] + parts).joined(separator: "/"))
            parts.removeLast()
        }
        keys.append(host)
        if host == "docker.io" { keys += ["index.docker.io", "registry-1.docker.io", "index.docker.io/v1"] }
        return keys
    }
}

extension DockerConfiguration {
    private struct File: Sendable {
        var logins: [String: Login] = [:]
        var helpers: [String: String] = [:]
        var store: String?

        init(path: String) throws(ScanError) {
            let text: Text
            do {
                let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                defer { try? handle.close() }  // Read-only: nothing can be lost.
                let data = try handle.read(upToCount: DockerConfiguration.fileLimitInBytes + 1) ?? Data()
                guard data.count <= DockerConfiguration.fileLimitInBytes else {
                    throw ScanError(.unusableInput, "\(path) is too large to be a Docker configuration")
                }
                text = try JSONDecoder().decode(Text.self, from: data)
            } catch let error as ScanError {
                throw error
            } catch {
                throw ScanError(.unusableInput, "\(path) cannot be read as a Docker configuration")
            }
            store = text.credsStore.flatMap { $0.isEmpty ? nil : $0 }
            for (server, helper) in text.credHelpers ?? [:] { helpers[File.key(server)] = helper }
            for (server, entry) in text.auths ?? [:] {
                if let login = entry.login { logins[File.key(server)] = login }
            }
        }

        /// `https://index.docker.io/v1/` and `index.docker.io/v1` are one server.
        private static func key(_ server: String) -> String {
            var key = server[...]
            for scheme in ["https://", "http://"] where key.hasPrefix(scheme) { key = key.dropFirst(scheme.count) }
            while key.hasSuffix("/") { key.removeLast() }
            return String(key)
        }
    }

    private struct Text: Decodable {
        var auths: [String: Entry]?
        var credHelpers: [String: String]?
        var credsStore: String?
    }

    private struct Entry: Decodable {
        var auth: String?
        var username: String?
        var password: String?
        var identitytoken: String?

        var login: Login? {
            // An identity token takes the place of a password under this name. Source: distribution, auth/oauth.md.
            if let identitytoken, !identitytoken.isEmpty {
                return .basic(username: "<token>", password: Secret(identitytoken))
            }
            if let username, let password, !username.isEmpty {
                return .basic(username: username, password: Secret(password))
            }
            guard let auth, let decoded = Data(base64Encoded: auth),
                let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            let name = String(decoding: decoded[..<colon], as: UTF8.self)
            // Old Docker versions padded the pair with zero bytes.
            let password = decoded[decoded.index(after: colon)...].filter { $0 != 0 }
            guard !name.isEmpty, !password.isEmpty else { return nil }
            return .basic(username: name, password: Secret(password))
        }
    }
}
