import Foundation
import ImageFixtures
import OCI
import Sealing
import Testing

@testable import Scanning

/// Which login is found for an image, and that helpers are bounded and never repeated.
@Suite struct DockerConfigurationTests {
    /// Runs `body` with a configuration file of this text and a folder for helpers on the path.
    private func with<Result>(
        _ text: String,
        helpers: [String: String] = [:],
        deadline: Duration = .seconds(20),
        _ body: (DockerConfiguration, String) async throws -> Result
    ) async throws -> Result {
        try await Tool.withDirectory { directory async throws in
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/config.json"))
            for (name, script) in helpers {
                let path = directory + "/docker-credential-" + name
                try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            }
            let environment = ["DOCKER_CONFIG": directory, "HOME": directory, "PATH": directory + ":/usr/bin:/bin"]
            let configuration = try DockerConfiguration(environment: environment, helperDeadline: deadline)
            return try await body(configuration, directory)
        }
    }

    /// `name:password` of the login for an image.
    private func login(_ image: String, _ configuration: DockerConfiguration) async throws -> String? {
        let found = try await configuration.credential(for: try ImageReference(image))
        return found.map { found in
            "\(found.username):" + found.password.withBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    // (what stands in auths, the image, the login)
    @Test(arguments: [
        (#""registry.example.com":{"auth":"\#(base64("ada:s3:cret"))"}"#, "registry.example.com/a/b", "ada:s3:cret"),
        (#""registry.example.com":{"username":"ada","password":"x"}"#, "registry.example.com/a/b", "ada:x"),
        // An identity token goes before the password beside it.
        (
            #""registry.example.com":{"auth":"\#(base64("ada:x"))","identitytoken":"t"}"#, "registry.example.com/a",
            "<token>:t"
        ),
        // Old Docker versions padded with zeros.
        (#""registry.example.com":{"auth":"\#(base64("ada:x\0\0"))"}"#, "registry.example.com/a", "ada:x"),
        (#""https://registry.example.com/":{"auth":"\#(base64("ada:x"))"}"#, "registry.example.com/a", "ada:x"),
        (#""registry.example.com:5000":{"auth":"\#(base64("ada:x"))"}"#, "registry.example.com:5000/a", "ada:x"),
        (#""registry.example.com:5000":{"auth":"\#(base64("ada:x"))"}"#, "registry.example.com/a", nil),
        // The longest path wins.
        (
            #""r.example":{"auth":"\#(base64("host:x"))"},"r.example/team":{"auth":"\#(base64("team:x"))"},"r.example/team/app":{"auth":"\#(base64("app:x"))"}"#,
            "r.example/team/app", "app:x"
        ),
        (
            #""r.example":{"auth":"\#(base64("host:x"))"},"r.example/team":{"auth":"\#(base64("team:x"))"}"#,
            "r.example/team/other", "team:x"
        ),
        (
            #""r.example":{"auth":"\#(base64("host:x"))"},"r.example/team":{"auth":"\#(base64("team:x"))"}"#,
            "r.example/teams/app", "host:x"
        ),
        // Docker Hub's key is historic.
        (#""https://index.docker.io/v1/":{"auth":"\#(base64("ada:x"))"}"#, "alpine", "ada:x"),
        (#""docker.io":{"auth":"\#(base64("ada:x"))"}"#, "team/app", "ada:x"),
        (#""docker.io/team":{"auth":"\#(base64("ada:x"))"}"#, "alpine", nil),
        // Stands for a login in a store.
        (#""registry.example.com":{}"#, "registry.example.com/a", nil),
    ])
    func loginIsFound(auths: String, image: String, expected: String?) async throws {
        try await with(#"{"auths":{\#(auths)}}"#) { configuration, _ async throws in
            #expect(try await login(image, configuration) == expected)
        }
    }

    @Test(arguments: ["%%%", base64("no colon"), base64(":x"), base64("ada:")])
    func damagedLoginIsToldWhenItIsWanted(auth: String) async throws {
        let good = DockerConfigurationTests.base64("ada:x")
        try await with(#"{"auths":{"bad.example":{"auth":"\#(auth)"},"good.example":{"auth":"\#(good)"}}}"#) {
            configuration,
            directory async throws in
            #expect(try await login("good.example/a", configuration) == "ada:x")
            let error = await scanError { _ = try await login("bad.example/a", configuration) }
            #expect(error?.message == "the login for bad.example in \(directory)/config.json cannot be read")
        }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"auths":7}"#, String(repeating: "[", count: 100_000),
        #"{"x":"\#(String(repeating: "y", count: 2 << 20))"}"#,
    ])
    func damagedFileIsAnErrorAndNothingOfItIsTold(text: String) async throws {
        let error = await scanError { try await with(text) { _, _ in } }
        #expect(error?.code == .unusableInput)
        #expect((error?.message.count ?? 0) < 300)
    }

    @Test func missingFilesAreNoLogin() async throws {
        try await Tool.withDirectory { directory async throws in
            let configuration = try DockerConfiguration(environment: ["HOME": directory])
            #expect(try await login("registry.example.com/a", configuration) == nil)
        }
    }

    @Test func podmanAndSkopeoFilesAreReadToo() async throws {
        try await Tool.withDirectory { directory async throws in
            let folder = directory + "/run/containers"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let text = #"{"auths":{"r.example":{"auth":"\#(DockerConfigurationTests.base64("pod:man"))"}}}"#
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/auth.json"))
            let environment = ["HOME": directory, "XDG_RUNTIME_DIR": directory + "/run"]
            #expect(try await login("r.example/a", try DockerConfiguration(environment: environment)) == "pod:man")
        }
    }

    // The helper is told the server on its standard input.
    @Test(arguments: [
        (#"{"credsStore":"fake"}"#, "r.example/a", "r.example"),
        (#"{"credHelpers":{"r.example":"fake"}}"#, "r.example/a", "r.example"),
        (#"{"credHelpers":{"r.example/team":"fake"}}"#, "r.example/team/app", "r.example/team"),
        (#"{"credsStore":"fake"}"#, "alpine", "https://index.docker.io/v1/"),
        (#"{"credHelpers":{"docker.io":"fake"}}"#, "alpine", "https://index.docker.io/v1/"),
        (#"{"credsStore":"other","credHelpers":{"r.example":"fake"}}"#, "r.example/a", "r.example"),
    ])
    func helperIsAskedForTheServer(text: String, image: String, server: String) async throws {
        let script = #"[ "$1" = get ] || exit 3; read -r server; printf '{"Username":"%s","Secret":"s"}' "$server""#
        try await with(text, helpers: ["fake": script]) { configuration, _ async throws in
            #expect(try await login(image, configuration) == "\(server):s")
        }
    }

    @Test func helperWithoutALoginLeavesTheNextToBeAsked() async throws {
        let nothing = "echo 'credentials not found in native keychain'; exit 1"
        let auth = DockerConfigurationTests.base64("ada:x")
        let text = #"{"credHelpers":{"r.example":"none"},"auths":{"r.example":{"auth":"\#(auth)"}}}"#
        try await with(text, helpers: ["none": nothing]) { configuration, _ async throws in
            #expect(try await login("r.example/a", configuration) == "ada:x")
        }
        try await with(#"{"credsStore":"none"}"#, helpers: ["none": nothing]) { configuration, _ async throws in
            #expect(try await login("r.example/a", configuration) == nil)
        }
    }

    // (what the helper does, what is said of it); whatever it printed, the canary is not repeated.
    @Test(arguments: [
        ("echo canary-of-a-helper; echo canary-of-a-helper >&2; exit 1", "gave no login for r.example"),
        ("echo 'canary-of-a-helper'", "answered something that is no login"),
        (#"echo '{"Username":"canary-of-a-helper"}'"#, "answered something that is no login"),
        ("while :; do echo canary-of-a-helper; done", "answered something that is no login"),
        ("kill -9 $$", "gave no login for r.example"),
    ])
    func failingHelperIsAnErrorWithoutItsWords(script: String, words: String) async throws {
        try await with(#"{"credsStore":"fake"}"#, helpers: ["fake": script]) { configuration, _ async throws in
            let error = await scanError { _ = try await login("r.example/a", configuration) }
            #expect(error?.code == .helperFailed)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            let everything = "\(String(describing: error)) \(error?.hint ?? "") \(error?.message ?? "")"
            #expect(!everything.contains("canary-of-a-helper"))
        }
    }

    // What it started holds its output open, and must go with it.
    @Test(arguments: ["sleep 300", "sleep 300 & wait", "trap '' TERM; sleep 300 & sleep 300"])
    func helperThatNeverAnswersIsEnded(script: String) async throws {
        try await with(#"{"credsStore":"slow"}"#, helpers: ["slow": script], deadline: .milliseconds(200)) {
            configuration,
            _ in
            let error = await scanError { _ = try await login("r.example/a", configuration) }
            #expect(error?.message.contains("docker-credential-slow did not answer in") == true)
        }
    }

    // (the helper's name, what is said of it)
    @Test(arguments: [
        ("missing", "docker-credential-missing is not installed"), ("../../bin/sh", "is no program name"),
        ("a b", "is no program name"),
    ])
    func helperThatCannotBeIsAnError(name: String, words: String) async throws {
        try await with(#"{"credsStore":"\#(name)"}"#) { configuration, _ async throws in
            let error = await scanError { _ = try await login("r.example/a", configuration) }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }
}
