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
        /// There is an entry and it cannot be read; why.
        case damaged(ScanError)
    }

    private let files: [DockerConfigurationFile]
    private let environment: [String: String]
    private let helperDeadline: Duration

    /// Reads the files that exist; `environment` says where they are, and where helpers are. Throws ``ScanError`` when a file is
    /// damaged.
    public init(environment: [String: String]) throws(ScanError) {
        try self.init(environment: environment, helperDeadline: LoginProgram.defaultDeadline)
    }

    init(environment: [String: String], helperDeadline: Duration) throws(ScanError) {
        var files: [DockerConfigurationFile] = []
        for path in DockerConfiguration.paths(environment) where FileManager.default.fileExists(atPath: path) {
            files.append(try DockerConfigurationFile(path: path))
        }
        self.files = files
        self.environment = environment
        self.helperDeadline = helperDeadline
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

    /// Everything that is known of logging in for a repository of a registry, the likeliest first.
    ///
    /// `host` is as in a reference (`docker.io`, `registry.example.com:5000`). Of several entries of a file the longest path wins, and
    /// its store of credentials is asked last.
    public func logins(host: String, repository: String) -> [Login] {
        let keys = DockerConfiguration.keys(host: host, repository: repository)
        var logins: [Login] = []
        for file in files {
            for key in keys {
                if let helper = file.helpers[key] { logins.append(.helper(helper, server: server(key, of: host))) }
                if let login = file.logins[key] { logins.append(login) }
            }
            if let store = file.store { logins.append(.helper(store, server: server(host, of: host))) }
        }
        return logins
    }

    /// The name and the password or token for an image; nil when nobody has logged in. Throws ``ScanError`` when a helper fails.
    public func credential(for image: ImageReference) async throws -> (username: String, password: Secret)? {
        for login in logins(host: image.registry, repository: image.repository) {
            switch login {
            case .basic(let username, let password): return (username, password)
            case .damaged(let error): throw error
            case .helper(let name, let server):
                let helper = LoginProgram(name: name, environment: environment, deadline: helperDeadline)
                if let found = try await helper.login(server: server) { return found }
            }
        }
        return nil
    }

    /// Docker Hub's logins are kept under its first address. Source: docker-credential-helpers README.
    private func server(_ key: String, of host: String) -> String {
        host == ImageReference.dockerHub ? "https://index.docker.io/v1/" : key
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
        if host == ImageReference.dockerHub {
            keys += ["index.docker.io", "registry-1.docker.io", "index.docker.io/v1"]
        }
        return keys
    }
}
