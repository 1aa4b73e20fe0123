import Foundation
import TestSupport
import Testing

/// A disk that takes no more writes.
@Suite("The disk")
struct DiskTests {
    /// The limit on file sizes stands for a full disk: unlike a small file system it needs no privilege, and it can be lifted
    /// from outside. With SIGXFSZ ignored, a write beyond it fails with EFBIG.
    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/prlimit"),
            "prlimit of util-linux is missing"
        )
    )
    func aDiskThatIsFullGives503LosesNothingAndRecovers() async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await withServeProcess(
                in: directory,
                prefix: ["/bin/bash", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""],
                arguments: ["--bootstrap-key-file", directory.file("first-key"), "--log-level", "notice"]
            ) { process async throws in
                let key = String(decoding: try directory.contents(of: "first-key"), as: UTF8.self)
                    .trimmingCharacters(in: .newlines)
                let profile = try await process.send("GET", "/user/profile", key: key).json
                let organization = try profile["organizations"][0]["id"].string.found("organization")
                let projects = try await process.send("GET", "/organization/\(organization)/projects", key: key).json
                let project = try projects["projects"][0]["id"].string.found("project")
                let collection = CredentialPath.collection("oci", organization)
                let body = RunningServer.storeBody(
                    "oci",
                    project: project,
                    secret: String(repeating: "s", count: 16_000)
                )

                try await setFileSizeLimit("1000000", of: process.pid)
                var stored: [String] = []
                var refused: Answer?
                while refused == nil, stored.count < 500 {
                    let answer = try await process.send("POST", collection, key: key, body)
                    if answer.status == 201 { stored.append(try answer.created()) } else { refused = answer }
                }
                let full = try #require(refused, "500 credentials of 16 KB fitted into 1 MB")
                #expect((full.status, full.code) == (503, "storage-unavailable"), "\(full)")
                #expect(full["retry-after"] != nil)
                #expect(try await process.send("GET", collection, key: key).json.items.count == stored.count)
                #expect(try await process.send("GET", "/livez", key: nil).status == 200)

                try await setFileSizeLimit("unlimited", of: process.pid)
                stored.append(try await process.send("POST", collection, key: key, body).created())
                let list = try await process.send("GET", collection, key: key).json
                #expect(list.items.compactMap { $0["id"].string } == stored)
                return stored.count
            }
            #expect(outcome.result != nil, "\(outcome.log.suffix(3))")
        }
    }
}
