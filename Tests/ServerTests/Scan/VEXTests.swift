import Advisories
import Storage
import TestSupport
import Testing

/// Decisions by OpenVEX documents.
@Suite("OpenVEX") struct VEXTests {
    private static let flaws: [NewFinding] = [
        .seed("CVE-2026-0001", aliases: ["GHSA-aaaa-bbbb-cccc"]),
        .seed("CVE-2026-0001", aliases: ["GHSA-aaaa-bbbb-cccc"], package: "zlib"),
        .seed("CVE-2026-0002", package: "zlib"),
    ]
    private static let digest = "sha256%3A" + String(repeating: "1", count: 64)

    /// Two repositories with the same findings.
    private func withFindings(_ body: (RunningServer, String) async throws -> Void) async throws {
        try await withServer { server async throws in
            _ = try await server.seedScan(findings: Self.flaws)
            _ = try await server.seedScan(
                repository: "registry.example.com/shop/worker",
                tag: "2",
                findings: Self.flaws
            )
            try await body(server, "/project/\(server.first.project)/results/container")
        }
    }

    private static func document(_ statements: TestJSON...) -> TestJSON {
        [
            "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex-1", "author": "somebody",
            "timestamp": "2026-11-24T12:00:00Z", "version": 1, "statements": .array(statements),
        ]
    }

    private static func statement(
        _ flaw: String = "CVE-2026-0001",
        _ status: String = "not_affected",
        products: TestJSON
    ) -> TestJSON {
        [
            "vulnerability": ["name": .string(flaw)], "status": .string(status), "products": products,
            "justification": "vulnerable_code_not_in_execute_path", "impact_statement": "it is never called",
        ]
    }

    /// `repository/package/last digit of the flaw` of what is ignored.
    private func ignored(_ path: String, _ server: RunningServer) async throws -> [String] {
        try await server.admin.get("\(path)?status=ignored").json["vulnerabilities"].items.map { item in
            let repository = item["finding"]["repository"].string?.split(separator: "/").last ?? ""
            let flaw = item["finding"]["flaw"].string?.last.map(String.init) ?? ""
            return "\(repository)/\(item["library"]["packageName"].string ?? "")/\(flaw)"
        }.sorted()
    }

    @Test(
        arguments: [
            ([["@id": "pkg:oci/app?repository_url=registry.example.com/app"]], ["app/openssl/1", "app/zlib/1"]),
            ([["identifiers": ["purl": "pkg:oci/APP"]]], ["app/openssl/1", "app/zlib/1"]),
            (
                ["pkg:oci/worker?repository_url=https%3A%2F%2Fregistry.example.com/shop"],
                ["worker/openssl/1", "worker/zlib/1"]
            ),
            (
                [["@id": "pkg:oci/app", "subcomponents": [["@id": "pkg:deb/debian/zlib@3.0.1?arch=amd64"]]]],
                ["app/zlib/1"]
            ), ([["@id": "pkg:oci/app", "subcomponents": [["@id": "pkg:deb/debian/zlib@3.0.2"]]]], []),
            ([["@id": "pkg:oci/app", "subcomponents": [["@id": "https://example.com/zlib"]]]], []),
            ([["@id": .string("pkg:oci/app@\(digest)")]], ["app/openssl/1", "app/zlib/1"]),
            ([["@id": .string("pkg:oci/app@\(digest.dropLast())2")]], []),
            ([["@id": "pkg:oci/worker?tag=2"]], ["worker/openssl/1", "worker/zlib/1"]),
            ([["@id": "pkg:oci/worker?tag=3"]], []),
            ([["@id": "pkg:docker/worker@2"]], ["worker/openssl/1", "worker/zlib/1"]),
            ([["@id": "pkg:deb/debian/openssl"]], ["app/openssl/1", "worker/openssl/1"]),
            ([["@id": "pkg:npm/openssl"]], []), ([["@id": "https://example.com/app"]], []),
            ([["hashes": ["sha-256": "11"]]], []),
            ([["@id": "pkg:deb/debian/curl", "subcomponents": [["@id": "pkg:deb/debian/zlib"]]]], []),
            ([["@id": "pkg:oci/app?repository_url=evil.example.com/app"]], []),
        ] as [(TestJSON, [String])]
    )
    func statementDecidesWhatItsProductsName(products: TestJSON, expected: [String]) async throws {
        try await withFindings { server, path in
            let answer = try await server.admin.post("\(path)/vex", Self.document(Self.statement(products: products)))
            #expect(answer.status == 200, "\(answer)")
            #expect(try await ignored(path, server) == expected)
            let result = try answer.json["results"][0]
            #expect(
                try answer.json["changed"] == .integer(expected.count) && result["matched"] == .integer(expected.count)
            )
            #expect(result["unmatchedProducts"] == (expected.isEmpty ? ["statements[0].products[0]"] : []))
        }
    }

    @Test func statusesBecomeDecisionsAndTheLaterStatementCounts() async throws {
        try await withFindings { server, path in
            let image: TestJSON = ["pkg:oci/app"]
            var early = Self.statement(products: image)
            early["timestamp"] = "2026-11-23T00:00:00Z"
            var late = Self.statement("ghsa-AAAA-bbbb-cccc", "affected", products: image)
            late["justification"] = nil
            late["impact_statement"] = nil
            late["action_statement"] = "upgrade"
            let answer = try await server.admin.post(
                "\(path)/vex",
                Self.document(late, early, Self.statement("CVE-2026-0002", "fixed", products: image))
            )
            #expect(
                try answer.json["results"].items.compactMap { $0["path"].string } == [
                    "statements[1]", "statements[0]", "statements[2]",
                ]
            )
            #expect(try answer.json["matched"] == 3 && answer.json["changed"] == 3)
            let list = try await server.admin.get("\(path)?status=confirmed,resolved&sort=packageName&order=asc").json
            #expect(list["statusCounts"]["confirmed"] == 2 && list["statusCounts"]["resolved"] == 1)
            #expect(list["vulnerabilities"][0]["finding"]["decision"]["reason"] == "upgrade")
            let back = Self.statement("CVE-2026-0001", "under_investigation", products: image)
            _ = try await server.admin.post("\(path)/vex", Self.document(back))
            #expect(try await server.admin.get("\(path)?status=confirmed").json["total"] == 0)
        }
    }

    @Test func sameDocumentSentAgainChangesNothing() async throws {
        try await withFindings { server, path in
            let document = Self.document(Self.statement(products: ["pkg:oci/app", "pkg:oci/nothing"]))
            let first = try await server.admin.post("\(path)/vex", document).json
            #expect(first["changed"] == 2 && first["matchedStatements"] == 1)
            #expect(first["results"][0]["unmatchedProducts"] == ["statements[0].products[1]"])
            let before = try await server.contents()
            let again = try await server.admin.post("\(path)/vex", document).json
            #expect(again["changed"] == 0 && again["matched"] == 2)
            #expect(try await server.contents() == before)
            let finding = try await server.admin.get("\(path)?status=ignored").json["vulnerabilities"][0]["finding"]
            let reason = "vulnerable_code_not_in_execute_path: it is never called"
            #expect(finding["decision"]["reason"] == .string(reason))
            #expect(finding["decision"]["author"] == .string(server.first.user))
        }
    }

    @Test func everyMistakeIsToldWithItsPlace() async throws {
        try await withFindings { server, path in
            let wrong: TestJSON = [
                "@context": "https://cyclonedx.org", "timestamp": "yesterday",
                "statements": [
                    1, ["status": "maybe", "products": []],
                    [
                        "vulnerability": ["name": "", "aliases": "x"], "status": "not_affected",
                        "products": [["@id": "pkg:deb"], [:], 7, ["identifiers": ["purl": "pkg:a/b%zz"]]],
                    ],
                    [
                        "vulnerability": "CVE-1", "status": "fixed", "justification": "because", "timestamp": 5,
                        "products": [["@id": "pkg:oci/a", "subcomponents": [["@id": "pkg:"]]]],
                    ],
                ],
            ]
            let before = try await server.contents()
            let answer = try await server.admin.post("\(path)/vex", wrong)
            #expect(answer.status == 400)
            #expect(
                answer.fields == [
                    "@context", "timestamp", "statements[0]", "statements[1].vulnerability", "statements[1].status",
                    "statements[1].products", "statements[2].vulnerability.name", "statements[2].vulnerability.aliases",
                    "statements[2].justification", "statements[2].products[0].@id", "statements[2].products[1]",
                    "statements[2].products[2]", "statements[2].products[3].identifiers.purl",
                    "statements[3].justification",
                    "statements[3].timestamp", "statements[3].products[0].subcomponents[0].@id",
                ],
                "\(answer.fields)"
            )
            #expect(try await server.contents() == before)
        }
    }

    @Test func hostileDocumentsAreRefusedOrHarmless() async throws {
        try await withFindings { server, path in
            let many = Array(repeating: Self.statement(products: ["pkg:oci/app"]), count: 1_001)
            var document = Self.document()
            document["statements"] = .array(many)
            let tooMany = try await server.admin.post("\(path)/vex", document)
            #expect((tooMany.status, tooMany.fields) == (400, ["statements"]), "\(tooMany)")
            // A thousand mistakes are not told one by one.
            document["statements"] = .array(Array(repeating: [:], count: 1_000))
            let mistakes = try await server.admin.post("\(path)/vex", document)
            #expect(mistakes.status == 400 && mistakes.fields.count == 101)
            for text in [
                #"{"statements":\#(String(repeating: "[", count: 200_000))"#,
                "{" + (0..<60_000).map { "\"\($0)\":{}" }.joined(separator: ",") + "}",
            ] {
                let answer = try await server.admin.send("POST", "\(path)/vex", bytes: Array(text.utf8))
                #expect(answer.status == 400, "\(answer)")
            }
            let long = Self.document(
                Self.statement(products: [.string("pkg:oci/" + String(repeating: "a", count: 2_000))])
            )
            #expect(try await server.admin.post("\(path)/vex", long).fields == ["statements[0].products[0]"])
            var words = Self.statement(products: ["pkg:oci/app"])
            words["impact_statement"] = .string("\u{1B}[2J" + String(repeating: "é", count: 10_000))
            #expect(try await server.admin.post("\(path)/vex", Self.document(words)).json["changed"] == 2)
            let reason = try await server.admin.get("\(path)?status=ignored").json["vulnerabilities"][0]["finding"][
                "decision"
            ]
            #expect(reason["reason"].string?.count == 2_000 && reason["reason"].string?.contains("\u{1B}") == false)
        }
    }

    @Test func findingsOfAnotherProjectAreNotDecided() async throws {
        try await withFindings { server, path in
            let other = try await server.makeProject("other", in: server.first.organization)
            let answer = try await server.admin.post(
                "/project/\(other)/results/container/vex",
                Self.document(Self.statement(products: ["pkg:oci/app"]))
            )
            #expect(try answer.json["matched"] == 0)
            #expect(try await ignored(path, server) == [])
        }
    }
}
