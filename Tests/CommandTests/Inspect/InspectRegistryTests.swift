import Foundation
import ImageFixtures
import OCI
import RegistryStubs
import TestSupport
import Testing

/// `pratique inspect` of images in registries, and that what it logs in with is told to nobody.
@Suite struct InspectRegistryTests {
    let world: InspectWorld
    let canary = CanarySecret()

    init() async throws { world = try await InspectWorld() }

    /// A password that a header and an environment variable can hold.
    private var password: String { "pw-\(canary.core)" }

    private func registry(_ image: ImageFixture) -> ImageRegistry {
        let manifest = (mediaType: image.mediaType.rawValue, bytes: image.manifest)
        var blobs: [String: [UInt8]] = [:]
        for (digest, bytes) in image.blobs { blobs[digest.description] = bytes }
        return ImageRegistry(
            manifests: ["1": manifest, image.digest.description: manifest],
            blobs: blobs,
            access: .init(username: "ci", password: password)
        )
    }

    /// The three ways in: standard input, Docker's configuration, and a helper.
    private func ways(_ authority: String) throws -> [(arguments: [String], variables: [String: String], input: String)]
    {
        let folder = world.folder.path
        let pair = Data("ci:\(password)".utf8).base64EncodedString()
        for (name, text) in [
            ("plain", #"{"auths":{"\#(authority)":{"auth":"\#(pair)"}}}"#), ("helper", #"{"credsStore":"canary"}"#),
        ] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)/config.json"))
        }
        let script = "#!/bin/sh\necho '{\"Username\":\"ci\",\"Secret\":\"\(password)\"}'; echo \(password) >&2\n"
        let helper = folder + "/docker-credential-canary"
        try Data(script.utf8).write(to: URL(fileURLWithPath: helper))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: helper)
        let path = try CommandRun.programFolder() + ":\(folder):/usr/bin:/bin"
        return [
            (["--username", "ci", "--password-stdin"], [:], password + "\n"),
            ([], ["DOCKER_CONFIG": folder + "/plain"], ""),
            ([], ["DOCKER_CONFIG": folder + "/helper", "PATH": path], ""),
        ]
    }

    @Test func credentialsAreInNoOutput() async throws {
        let registry = registry(try InspectWorld.image())
        try await WireServer.run {
            registry.handle($0)
        } _: { server in
            let authority = "127.0.0.1:\(server.port)"
            for way in try ways(authority) {
                for form in ["table", "json", "cyclonedx", "spdx", "sarif", "csv"] {
                    let run = try await CommandRun(
                        ["inspect", "\(authority)/team/app:1", "-o", form] + way.arguments,
                        variables: world.variables.merging(way.variables) { $1 },
                        input: way.input
                    )
                    #expect(run.exitCode == 0, "\(run.complaints)")
                    #expect(canary.traces(in: run.output + run.complaints) == [])
                }
            }
        }
    }

    @Test func refusedCredentialIsToldWithoutIt() async throws {
        let registry = registry(try InspectWorld.image())
        try await WireServer.run {
            registry.handle($0)
        } _: { server in
            let run = try await CommandRun(
                ["inspect", "127.0.0.1:\(server.port)/team/app:1", "--username", "ci", "--password-stdin"],
                variables: world.variables,
                input: password + "-wrong\n"
            )
            #expect(run.exitCode == 1)
            #expect(run.output.isEmpty)
            #expect(run.complaints.hasPrefix("error: "))
            #expect(run.complaints.contains("hint: Log in with docker login, or give --username and --password-stdin"))
            #expect(canary.traces(in: run.complaints) == [])
        }
    }

    @Test func brokenPullWritesNoReport() async throws {
        let image = try InspectWorld.image()
        let registry = registry(image)
        let path = world.folder.path + "/report.json"
        let layer = image.layers[0].descriptor.digest.description
        registry.plan([.corrupt(at: 20)], for: layer)
        try await WireServer.run {
            registry.handle($0)
        } _: { server in
            let run = try await CommandRun(
                [
                    "inspect", "127.0.0.1:\(server.port)/team/app:1", "--username", "ci", "--password-stdin", "-o",
                    "json", "--output-file", path,
                ],
                variables: world.variables,
                input: password
            )
            #expect(run.exitCode == 1)
            #expect(run.complaints.hasPrefix("error: the layer \(layer): "))
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test(.enabled(if: RealRegistry.obstacle == nil, "docker-registry and skopeo are needed"))
    func realRegistryTellsTheSameAsTheLayout() async throws {
        try await RealRegistry.with(password: password) { registry async throws in
            for tag in ["whole", "multi"] { try await registry.copy(layout: world.layout, tag: tag, to: "team/app") }
            for (tag, platform) in [("whole", "linux/amd64"), ("multi", "all")] {
                let local = try await report([world.reference(tag), "--platform", platform])
                let remote = try await report(
                    [
                        "\(registry.host)/team/app:\(tag)", "--platform", platform, "--ca-certificate", registry.caFile,
                        "--username", registry.username, "--password-stdin",
                    ],
                    input: registry.password
                )
                #expect(local == remote)
                #expect(local.contains("CVE-2026-1000"))
            }
        }
    }

    /// The JSON report, without what differs: the image's name and the time.
    private func report(_ arguments: [String], input: String = "") async throws -> String {
        let run = try await CommandRun(
            ["inspect", "-o", "json"] + arguments,
            variables: world.variables,
            input: input
        )
        #expect(run.exitCode == 0, "\(run.complaints)")
        #expect(canary.traces(in: run.output + run.complaints) == [])
        return run.output.replacing(/"name" : "[^"]*team\/app[^"]*"/, with: "").replacing(
            /"name" : "oci:[^"]*"/,
            with: ""
        )
        .replacing(/"createdAt" : "[^"]*"/, with: "")
    }
}
