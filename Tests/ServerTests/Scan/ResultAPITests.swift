import Advisories
import Storage
import TestSupport
import Testing

/// Findings, packages and images of a project, and what people decide.
@Suite("Results over HTTP")
struct ResultAPITests {
    private static let flaws: [NewFinding] = [
        .seed("CVE-2026-0001", severity: .critical), .seed("CVE-2026-0002", package: "zlib", severity: .high),
        .seed("CVE-2026-0003", package: "zlib", severity: .medium, fixedIn: nil),
        .seed("CVE-2026-0004", severity: .low), .seed("CVE-2026-0005", severity: .unknown, fixedIn: nil),
    ]

    private func withFindings(_ body: (RunningServer, String, SeededScan) async throws -> Void) async throws {
        try await withServer { server async throws in
            let seeded = try await server.seedScan(findings: Self.flaws)
            try await body(server, "/project/\(server.first.project)/results/container", seeded)
        }
    }

    private func flaws(_ target: String, _ server: RunningServer) async throws -> [String] {
        let answer = try await server.admin.get(target)
        let json = try answer.json
        #expect(json["total"].integer.map(String.init) == answer["x-total-count"])
        return json["vulnerabilities"].items.compactMap { $0["finding"]["flaw"].string?.suffix(1) }.map(String.init)
    }

    /// The last digit of each flaw that a query gives, in order.
    @Test(arguments: [
        ("", "12345"), ("?sort=currentSeverity&order=asc", "12345"), ("?sort=currentSeverity&order=desc", "54321"),
        ("?severity=critical,low", "14"), ("?severity[]=high&severity[]=medium", "23"), ("?priority=urgent", "2"),
        ("?priority=very_low&priority=low", "45"), ("?priority=urgent&severity=critical", ""),
        ("?hasAutofix=false", "35"), ("?hasAutofix=true&severity=medium", ""), ("?searchQuery=ZLIB", "23"),
        ("?searchQuery=2026-0004", "4"), ("?branch=main&status=to_verify", "12345"), ("?branch=other", ""),
        ("?classType=os-pkgs", "12345"), ("?classType=lang-pkgs", ""), ("?classType=deb,pypi&limit=2&page=2", "34"),
        ("?pageNumber=2&pageSizeNumber=3", "45"), ("?status=ignored", ""),
    ])
    func aQueryNarrowsAndSorts(query: String, expected: String) async throws {
        try await withFindings { server, path, _ in
            let found = try await flaws(path + query, server)
            #expect(found.joined() == expected)
        }
    }

    @Test(arguments: [
        "currentState", "currentSeverity", "currentPriority", "language", "createdAt", "updateAt", "score",
    ])
    func everySortGivesTheWholeListBothWays(sort: String) async throws {
        try await withFindings { server, path, _ in
            for order in ["asc", "DESC"] {
                var all: [String] = []
                for page in 1...3 {
                    all += try await flaws("\(path)?sort=\(sort)&order=\(order)&limit=2&page=\(page)", server)
                }
                #expect(all.count == 5 && Set(all).count == 5, "\(sort) \(order): \(all)")
            }
        }
    }

    @Test func noListOfFindingsGoesWithoutItsCompleteness() async throws {
        try await withServer { server async throws in
            let path = "/project/\(server.first.project)/results/container"
            let lists = [path, "\(path)/packages", "\(path)/images", "\(path)/images/grouped"]
            for list in lists {
                let nothing = try await server.admin.get(list).json["completeness"]
                #expect(nothing["isComplete"] == false && nothing["images"] == 0, "\(list): \(nothing)")
            }
            let whole = try await server.seedScan()
            for list in lists {
                #expect(try await server.admin.get(list).json["completeness"]["isComplete"] == true, "\(list)")
            }
            let part = try await server.seedScan(repository: "registry.example.com/other", isDegraded: true)
            for list in lists {
                let completeness = try await server.admin.get(list).json["completeness"]
                #expect(completeness["isComplete"] == false && completeness["incompleteImages"] == 1, "\(list)")
                #expect(completeness["incomplete"][0]["imageId"] == .string(part.image))
                #expect(completeness["incomplete"][0]["completeness"]["inventoryComplete"] == false)
            }
            for (image, isComplete) in [(whole.image, true), (part.image, false)] {
                let one = try await server.admin.get("\(path)?imageId=\(image)").json["completeness"]
                #expect(one["isComplete"] == .bool(isComplete) && one["images"] == 1)
            }
            let finding = try await server.admin.get("\(path)/\(whole.findings[0])").json
            #expect(finding["completeness"]["isComplete"] == false)
        }
    }

    @Test func aDecisionFollowsTheFindingToAnotherTagAndCanBeTakenBack() async throws {
        try await withFindings { server, path, seeded in
            let item = "\(path)/\(seeded.findings[0])"
            let decided = try await server.admin.patch(
                item,
                ["status": "ignored", "reason": "not reached", "expiresAt": "2999-01-01T00:00:00Z"]
            ).json["vulnerability"]["finding"]
            #expect(decided["status"] == "ignored" && decided["decision"]["reason"] == "not reached")
            #expect(decided["decision"]["author"] == .string(server.first.user))
            _ = try await server.seedScan(tag: "2.0", findings: Self.flaws)
            #expect(try await flaws("\(path)?status=ignored", server) == ["1"])
            let json = try await server.admin.get(item).json["vulnerability"]["finding"]
            #expect(json["imageCount"] == 2 && json["places"].items.count == 2)
            _ = try await server.admin.patch(item, ["status": "to_verify"])
            #expect(try await flaws("\(path)?status=ignored", server) == [])
        }
    }

    @Test func manyFindingsAreDecidedAtOnceAndUnknownOnesAreTold() async throws {
        try await withFindings { server, path, seeded in
            let unknown = "019ab000-0000-7000-8000-000000000000"
            let ids = seeded.findings.prefix(2) + [unknown]
            let answer = try await server.admin.patch(
                path,
                ["status": "confirmed", "vulnerabilityIds": .array(ids.map { .string($0) })]
            )
            #expect(try answer.json["decided"].items.count == 2 && answer.json["unknown"] == [.string(unknown)])
            #expect(try await flaws("\(path)?status=confirmed", server) == ["1", "2"])
        }
    }

    @Test(
        arguments: [
            (["status": "gone"], ["status"]), ([:], ["status"]),
            (["status": "ignored", "expiresAt": "2001-01-01T00:00:00Z"], ["expiresAt"]),
            (["status": "ignored", "reason": 1], ["reason"]),
        ] as [(TestJSON, [String])]
    )
    func aWrongDecisionIsRefused(body: TestJSON, fields: [String]) async throws {
        try await withFindings { server, path, seeded in
            let one = try await server.admin.patch("\(path)/\(seeded.findings[0])", body)
            #expect((one.status, one.fields) == (400, fields), "\(one)")
            let many = try await server.admin.patch(path, body)
            #expect(many.status == 400 && Set(many.fields) == Set(fields + ["vulnerabilityIds"]), "\(many)")
        }
    }

    @Test func packagesAreNarrowedByTheirFindings() async throws {
        try await withFindings { server, path, seeded in
            func names(_ query: String) async throws -> [String] {
                try await server.admin.get("\(path)/packages\(query)").json["packages"].items
                    .compactMap { $0["packageName"].string }
            }
            #expect(try await names("") == ["openssl", "zlib"])
            #expect(try await names("?order=desc") == ["zlib", "openssl"])
            #expect(try await names("?sort=currentSeverity") == ["openssl", "zlib"])
            #expect(try await names("?severity=high") == ["zlib"])
            #expect(try await names("?searchQuery=SSL") == ["openssl"])
            #expect(try await names("?classType=pypi") == [])
            #expect(try await names("?branch=main&hasAutofix=true") == ["openssl", "zlib"])
            #expect(try await names("?branch=other") == [])
            _ = try await server.admin.patch("\(path)/\(seeded.findings[1])", ["status": "confirmed"])
            #expect(try await names("?status=confirmed") == ["zlib"])
            #expect(try await names("?imageId=\(seeded.image)&limit=1&page=2") == ["zlib"])
        }
    }

    @Test func aDeletedImageTakesItsFindingsFromTheListsAndGivesTheDecisionsBack() async throws {
        try await withFindings { server, path, seeded in
            _ = try await server.admin.patch("\(path)/\(seeded.findings[0])", ["status": "ignored"])
            #expect(try await server.admin.delete("\(path)/images/\(seeded.image)").status == 200)
            #expect(try await flaws(path, server) == [])
            #expect(try await server.admin.get("\(path)/images").json["totalImages"] == 0)
            #expect(try await server.admin.delete("\(path)/images/\(seeded.image)").code == "image-not-found")
            _ = try await server.seedScan(findings: Self.flaws)
            #expect(try await flaws("\(path)?status=ignored", server) == ["1"])
        }
    }

    /// A name of a package comes from an image: nothing that a shell would take for more than a word becomes a command.
    @Test(arguments: [("zlib", "apt-get install zlib=3.0.2"), ("zlib;reboot", ""), ("-y", ""), ("$(id)", "")])
    func aFixIsACommandOnlyWhereItsWordsArePlain(package: String, command: String) async throws {
        try await withServer { server async throws in
            _ = try await server.seedScan(packages: [package], findings: [.seed("CVE-2026-0001", package: package)])
            let list = try await server.admin.get("/project/\(server.first.project)/results/container").json
            #expect(list["vulnerabilities"][0]["autofixRecords"][0]["installCommand"] == .string(command))
        }
    }
}
