import Advisories
import Storage
import Tenancy
import TestSupport
import Testing

/// Which images of an organization hold a flaw or a package, and decisions that match nothing any more.
@Suite("Searches over an organization") struct HoldingTests {
    private static let flaw = NewFinding.seed("CVE-2026-0001", aliases: ["GHSA-aaaa-bbbb-cccc"])

    /// Two projects with an image each, the second one's not whole.
    private func withImages(_ body: (RunningServer, String, String) async throws -> Void) async throws {
        try await withServer { server async throws in
            let other = try await server.makeProject("other", in: server.first.organization)
            _ = try await server.seedScan(findings: [Self.flaw])
            _ = try await server.seedScan(
                in: other,
                repository: "registry.example.com/worker",
                isDegraded: true,
                packages: ["openssl", "typing_extensions"],
                findings: [Self.flaw]
            )
            try await body(server, "/organization/\(server.first.organization)/results/container/images", other)
        }
    }

    private func names(_ answer: Answer) throws -> [String] {
        let json = try answer.json
        #expect(json["total"].integer.map(String.init) == answer["x-total-count"], "\(answer)")
        return json["images"].items.compactMap {
            $0["artifactName"].string?.split(separator: "/").last.map(String.init)
        }
    }

    @Test(arguments: [
        ("vulnerability=CVE-2026-0001", ["app:1.0", "worker:1.0"]),
        ("vulnerability=ghsa-AAAA-bbbb-cccc", ["app:1.0", "worker:1.0"]), ("vulnerability=CVE-2026-9", []),
        ("package=openssl", ["app:1.0", "worker:1.0"]), ("package=openssl&version=3.0.1", ["app:1.0", "worker:1.0"]),
        ("package=openssl&version=3", []), ("package=OpenSSL", []), ("package=zlib", ["app:1.0"]),
        ("purl=pkg:deb/debian/zlib@3.0.1%3Farch=amd64", ["app:1.0"]), ("purl=pkg:deb/debian/ZLIB", ["app:1.0"]),
        ("purl=pkg:deb/debian/zlib@2", []), ("purl=pkg:deb/debian/zlib&version=3.0.1", ["app:1.0"]),
        ("purl=pkg:pypi/zlib", []), ("package=openssl&pageSize=1&page=2", ["worker:1.0"]),
        ("package=%25", []), ("vulnerability='%20OR%201=1", []),
    ])
    func imagesAreFoundByFlawAndPackage(query: String, expected: [String]) async throws {
        try await withImages { server, path, _ in
            let answer = try await server.admin.get("\(path)?\(query)")
            #expect(try names(answer) == expected)
        }
    }

    @Test func holdingTellsWhatIsKnownOfTheFlawAndWhatIsNot() async throws {
        try await withImages { server, path, other in
            let answer = try await server.admin.get("\(path)?vulnerability=CVE-2026-0001").json
            let item = answer["images"][1]
            #expect(item["projectId"] == .string(other) && item["installedVersion"] == "3.0.1")
            #expect(item["fixedIn"] == "3.0.2" && item["severity"] == "high" && item["status"] == "to_verify")
            #expect(answer["completeness"]["images"] == 2 && answer["completeness"]["isComplete"] == false)
            #expect(answer["completeness"]["incompleteImages"] == 1)
        }
    }

    @Test func onlyProjectsThatTheCallerMayReadAreSearched() async throws {
        try await withImages { server, path, other in
            let member = try await server.makeMember("m", role: "member", in: server.first.organization)
            let none = try await server.caller(server.makeKey(for: member)).get("\(path)?package=openssl")
            #expect(try names(none) == [])
            #expect(try none.json["completeness"]["images"] == 0)
            _ = try await server.admin.post(
                "/project/\(other)/members",
                ["userId": .string(member), "role": "read_only"]
            )
            let some = try await server.caller(server.makeKey(for: member)).get("\(path)?package=openssl")
            #expect(try names(some) == ["worker:1.0"])
            #expect(try some.json["completeness"]["images"] == 1)
            let narrowed = try await server.makeKey(for: server.first.user, projects: [server.first.project])
            let one = try await server.caller(narrowed).get("\(path)?vulnerability=CVE-2026-0001")
            #expect(try names(one) == ["app:1.0"])
            #expect(try one.json["completeness"]["isComplete"] == true)
            let both = try await server.makeKey(for: member, projects: [server.first.project])
            let answer = try await server.caller(both).get("\(path)?package=openssl")
            #expect(try names(answer) == [])
            let blind = try await server.makeKey(for: server.first.user, permissions: .startScan)
            #expect(try await server.caller(blind).get("\(path)?package=openssl").status == 403)
        }
    }

    @Test(arguments: [
        ("", ["vulnerability"]), ("package=a&purl=pkg:deb/a", ["vulnerability"]),
        ("vulnerability=a&version=1", ["version"]), ("purl=zlib", ["purl"]), ("purl=pkg:cran/zlib", ["purl"]),
        ("purl=pkg:deb/%25zz&page=0", ["purl", "page"]), ("package=", ["vulnerability"]),
        ("package=\(String(repeating: "a", count: 256))&vulnerability=x", ["package"]),
    ])
    func wrongSearchIsToldWithItsFields(query: String, fields: [String]) async throws {
        try await withServer { server async throws in
            let path = "/organization/\(server.first.organization)/results/container/images"
            let answer = try await server.admin.get("\(path)?\(query)")
            #expect(answer.status == 400 && answer.fields == fields, "\(answer)")
        }
    }

    @Test func decisionsThatMatchNothingAreListedUntilTheyMatchAgain() async throws {
        try await withServer { server async throws in
            let seeded = try await server.seedScan(findings: [Self.flaw])
            let path = "/project/\(server.first.project)/results/container"
            _ = try await server.admin.patch(
                "\(path)/\(seeded.findings[0])",
                ["status": "ignored", "reason": "not reached"]
            )
            let list = "\(path)/decisions/unmatched"
            #expect(try await server.admin.get(list).json["total"] == 0)
            _ = try await server.seedScan(findings: [])
            let answer = try await server.admin.get(list)
            #expect(try answer.json["total"] == 1 && answer["x-total-count"] == "1")
            let item = try answer.json["vulnerabilities"][0]
            #expect(item["base"]["id"] == .string(seeded.findings[0]) && item["finding"]["imageCount"] == 0)
            #expect(item["finding"]["decision"]["reason"] == "not reached" && item["finding"]["places"] == [])
            #expect(try answer.json["completeness"]["images"] == 1)
            _ = try await server.seedScan(findings: [Self.flaw])
            #expect(try await server.admin.get(list).json["total"] == 0)
        }
    }
}
