import Advisories
import Storage
import TestSupport
import Testing

/// Bills of materials, SARIF and CSV of images: they say what the lists say.
@Suite("Documents on images") struct DocumentTests {
    private static let flaws: [NewFinding] = [
        .seed("CVE-2026-0001", aliases: ["GHSA-aaaa-bbbb-cccc"], severity: .critical),
        .seed("CVE-2026-0002", package: "zlib", severity: .negligible, fixedIn: nil),
    ]

    private func withImage(
        isDegraded: Bool = false,
        repository: String = "registry.example.com/app",
        _ body: (RunningServer, String, SeededScan) async throws -> Void
    ) async throws {
        try await withServer { server async throws in
            let seeded = try await server.seedScan(
                repository: repository,
                isDegraded: isDegraded,
                findings: Self.flaws
            )
            let path = "/project/\(server.first.project)/results/container"
            try await body(server, "\(path)/images/\(seeded.image)", seeded)
        }
    }

    private func properties(_ json: TestJSON) -> [String: String] {
        let pairs = json["properties"].items.compactMap { item in
            item["name"].string.flatMap { name in item["value"].string.map { (name, $0) } }
        }
        return Dictionary(pairs) { $1 }
    }

    @Test(arguments: [
        ("sbom", "application/vnd.cyclonedx+json; version=1.6", "cdx.json"),
        ("sbom?format=CycloneDX", "application/vnd.cyclonedx+json; version=1.6", "cdx.json"),
        ("sbom?format=spdx", "application/spdx+json", "spdx.json"), ("sarif", "application/sarif+json", "sarif"),
        ("csv", "text/csv; charset=utf-8; header=present", "csv"), ("report", "application/json", "json"),
    ])
    func everyDocumentHasItsTypeAndAName(form: String, type: String, suffix: String) async throws {
        try await withImage { server, path, _ in
            let answer = try await server.admin.get("\(path)/\(form)")
            #expect(answer.status == 200 && answer["content-type"] == type, "\(answer)")
            let name = "registry.example.com-app-1.0.\(suffix)"
            #expect(answer["content-disposition"] == "attachment; filename=\"\(name)\"")
            #expect(answer["content-length"] == "\(answer.body.count)")
        }
    }

    @Test func cycloneDXHoldsPackagesFindingsAndDecisions() async throws {
        try await withImage { server, path, seeded in
            _ = try await server.admin.patch(
                "/project/\(server.first.project)/results/container/\(seeded.findings[0])",
                ["status": "ignored", "reason": "not reached"]
            )
            let bill = try await server.admin.get("\(path)/sbom").json
            #expect(bill["specVersion"] == "1.6")
            #expect(bill["metadata"]["component"]["name"] == "registry.example.com/app:1.0")
            let components = bill["components"].items
            #expect(components.compactMap { $0["name"].string } == ["debian", "openssl", "zlib"])
            let flaws = bill["vulnerabilities"].items
            #expect(flaws.compactMap { $0["id"].string } == ["CVE-2026-0001", "CVE-2026-0002"])
            #expect(flaws[0]["affects"][0]["ref"] == components[1]["bom-ref"])
            #expect(flaws[0]["references"][0]["id"] == "GHSA-aaaa-bbbb-cccc")
            #expect(flaws[0]["analysis"]["state"] == "not_affected" && flaws[0]["analysis"]["detail"] == "not reached")
            #expect(flaws[0]["recommendation"] == "Upgrade to 3.0.2" && flaws[0]["cwes"] == [787])
            #expect(flaws[1]["analysis"]["state"] == "in_triage" && flaws[1]["ratings"][0]["severity"] == "info")
            #expect(bill["compositions"][0]["aggregate"] == "complete")
        }
    }

    @Test func decidedFindingsAreSuppressedInSARIFAndNamedInCSV() async throws {
        try await withImage { server, path, seeded in
            let finding = "/project/\(server.first.project)/results/container/\(seeded.findings[0])"
            _ = try await server.admin.patch(finding, ["status": "ignored", "reason": "not, reached"])
            let results = try await server.admin.get("\(path)/sarif").json["runs"][0]["results"].items
            #expect(results.count == 2 && results[1]["suppressions"] == [])
            #expect(results[0]["suppressions"][0]["justification"] == "not, reached", "\(results)")
            let lines = try await server.admin.get("\(path)/csv").text.split(separator: "\r\n")
            #expect(lines.count == 3 && lines[1].contains(",ignored,\"not, reached\",yes,"), "\(lines)")
            #expect(lines[2].contains(",to_verify,,yes,"))
            // A decision that ended is none.
            _ = try await server.admin.patch(finding, ["status": "to_verify"])
            let again = try await server.admin.get("\(path)/sarif").json["runs"][0]["results"].items
            #expect(again.allSatisfy { $0["suppressions"] == [] })
        }
    }

    @Test func noDocumentGoesWithoutItsCompleteness() async throws {
        try await withImage(isDegraded: true) { server, path, _ in
            let bill = try await server.admin.get("\(path)/sbom").json
            #expect(bill["compositions"][0]["aggregate"] == "incomplete")
            #expect(properties(bill["metadata"])["pratique:completeness:layers"] == "0 of 1")
            let spdx = try await server.admin.get("\(path)/sbom?format=spdx").json
            #expect(spdx["comment"].string?.hasPrefix("The inventory is incomplete.") == true)
            let run = try await server.admin.get("\(path)/sarif").json["runs"][0]
            #expect(run["properties"]["inventoryComplete"] == "false")
            let notes = run["invocations"][0]["toolExecutionNotifications"].items.compactMap {
                $0["message"]["text"].string
            }
            #expect(notes.contains { $0.contains("it ends too soon") }, "\(notes)")
            let lines = try await server.admin.get("\(path)/csv").text.split(separator: "\r\n")
            #expect(lines.dropFirst().allSatisfy { $0.contains(",no,") })
            let report = try await server.admin.get("\(path)/report").json
            #expect(report["completeness"]["inventoryComplete"] == false && report["findings"].items.count == 2)
        }
    }

    @Test func nothingOfARepositorysNameReachesTheHeaderAsItIs() async throws {
        try await withImage(repository: "r.example.com/a\";x=../b\r\nX-Evil: 1") { server, path, _ in
            let answer = try await server.admin.get("\(path)/csv")
            let name = "r.example.com-a--x-..-b--X-Evil--1-1.0.csv"
            #expect(answer["content-disposition"] == "attachment; filename=\"\(name)\"", "\(answer)")
            #expect(answer["x-evil"] == nil)
        }
    }

    @Test func wrongFormsAndUnknownImagesAreToldApart() async throws {
        try await withImage { server, path, _ in
            let wrong = try await server.admin.get("\(path)/sbom?format=xml")
            #expect((wrong.status, wrong.fields) == (400, ["format"]), "\(wrong)")
            for form in ["sbom", "sarif", "csv", "report"] {
                for id in ["019ab000-0000-7000-8000-000000000000", "latest"] {
                    let project = "/project/\(server.first.project)"
                    let answer = try await server.admin.get("\(project)/results/container/images/\(id)/\(form)")
                    #expect((answer.status, answer.code) == (404, "image-not-found"), "\(answer)")
                }
            }
        }
    }

    @Test func projectsBillHoldsEveryImageAndWhichOfThemAreWhole() async throws {
        try await withImage { server, _, _ in
            let path = "/project/\(server.first.project)/sbom"
            _ = try await server.seedScan(tag: "2.0", isDegraded: true, packages: ["curl"], findings: [])
            let answer = try await server.admin.get(path)
            #expect(answer["content-type"] == "application/vnd.cyclonedx+json; version=1.6")
            let bill = try answer.json
            let images = bill["components"].items
            #expect(
                images.compactMap { $0["name"].string } == [
                    "registry.example.com/app:1.0", "registry.example.com/app:2.0",
                ]
            )
            let names = images.map { $0["components"].items.compactMap { $0["name"].string } }
            #expect(names == [["debian", "openssl", "zlib"], ["debian", "curl"]])
            let references = images.flatMap { [$0["bom-ref"]] + $0["components"].items.map { $0["bom-ref"] } }
            #expect(Set(references.compactMap(\.string)).count == 7)
            #expect(bill["dependencies"][0]["dependsOn"].items == images.map { $0["bom-ref"] })
            #expect(bill["compositions"].items.compactMap { $0["aggregate"].string } == ["complete", "incomplete"])
            #expect(properties(bill["metadata"])["pratique:completeness:incomplete-images"] == "1")
        }
    }

    @Test func projectWithoutAResultHasNoBill() async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.get("/project/\(server.first.project)/sbom")
            #expect((answer.status, answer.code) == (404, "image-not-found"), "\(answer)")
        }
    }
}
