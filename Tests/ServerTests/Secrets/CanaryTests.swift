import Foundation
import TestSupport
import Testing

/// Promise 1: the secret goes in and never comes out. Not in an answer, a header, a log line, a metric, a file, argv.
@Suite("Canaries")
struct CanaryTests {
    @Test func noSecretIsSeenAgainAnywhere() async throws {
        try await withTemporaryDirectory { directory in
            // The control is no secret: it must be found, or the search proves nothing.
            let (control, hunt) = (CanarySecret(), CanaryHunt())
            let first = try await withRegistries(in: directory, secret: hunt.registrySecret()) { server, _ in
                try await hunt.feed(server, control: control)
                try hunt.search(server)
                try hunt.search(files: directory, because: "while it ran")
                return server.first
            }
            try hunt.search(files: directory, because: "after it stopped")
            #expect(try !control.traces(inFilesOf: directory).isEmpty, "the search finds nothing at all")

            var options = ServerOptions()
            options.knownKey = first.key
            try await withServer(in: directory, options: options) { server in
                try await hunt.readEverything(server)
                try await hunt.deleteEverything(server)
                try hunt.search(server)
                let answers = server.transcript.answers
                #expect(answers.contains { control.isIn($0.wire) }, "the search finds nothing in answers")
                #expect(try server.log().split(separator: "\n").count > hunt.requests, "the log was not at its fullest")
            }
            try hunt.search(files: directory, because: "after everything was deleted")
        }
    }

    /// A registry may say anything, the secret that it was sent included: what it says is kept and shown, and the secret is not.
    @Test func noSecretIsSeenAgainThatARegistryRepeats() async throws {
        try await withTemporaryDirectory { directory in
            let hunt = CanaryHunt()
            var options = ServerOptions()
            options.registry = CanaryHunt.echo()
            options.flags = ["verify-interval-hours": "24"]
            try await withServer(in: directory, options: options) { server in
                try await hunt.feedProbes(server)
                try hunt.search(server)
                try hunt.search(files: directory, because: "while it ran")
                #expect(try server.log().contains("credential probed"))
            }
            try hunt.search(files: directory, because: "after it stopped")
        }
    }

    @Test func theSecretIsNotInTheArgvOrEnvironmentOfTheProcess() async throws {
        try await withTemporaryDirectory { directory in
            let secret = CanarySecret()
            let outcome = try await withServeProcess(
                in: directory,
                arguments: ["--bootstrap-key-file", directory.file("first-key"), "--log-level", "trace"]
            ) { process async throws in
                let key = String(decoding: try directory.contents(of: "first-key"), as: UTF8.self)
                    .trimmingCharacters(in: .newlines)
                let profile = try await process.send("GET", "/user/profile", key: key).json
                let organization = try profile["organizations"][0]["id"].string.found("organization")
                let projects = try await process.send("GET", "/organization/\(organization)/projects", key: key).json
                let project = try projects["projects"][0]["id"].string.found("project")
                let stored = try await process.send(
                    "POST",
                    CredentialPath.collection("oci", organization),
                    key: key,
                    RunningServer.storeBody("oci", project: project, secret: secret.text)
                )
                #expect(stored.status == 201)
                let keyCanary = CanarySecret(core: String(key.suffix(50)))
                for file in ["cmdline", "environ"] {
                    // Readable by root alone: the process forbids the rest, which is as good.
                    guard let bytes = FileManager.default.contents(atPath: "/proc/\(process.pid)/\(file)") else {
                        continue
                    }
                    #expect(secret.traces(in: bytes).isEmpty && keyCanary.traces(in: bytes).isEmpty)
                }
                return keyCanary
            }
            let keyCanary = try #require(outcome.result)
            for line in outcome.log + [outcome.output] {
                #expect(!secret.isIn(line) && !keyCanary.isIn(line), "\(line)")
            }
            #expect(outcome.log.count > 3)
            #expect(try secret.traces(inFilesOf: directory).isEmpty)
        }
    }
}
