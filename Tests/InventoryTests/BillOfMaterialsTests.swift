import Foundation
import Inventory
import OCI
import Subprocess
import Testing

@Suite struct BillOfMaterialsTests {
    private static let identifier = UUID(uuid: (1, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12, 13, 14, 15, 16))

    private static func bill(isComplete: Bool = true, unreadable: [Inventory.Unreadable] = []) throws -> BillOfMaterials
    {
        let path = Package.Location(path: "var/lib/dpkg/status", layer: 0)
        let jar = Package.Location(path: "opt/a.jar", layer: 1, inner: "BOOT-INF/lib/b.jar")
        let packages = [
            Package(
                kind: .deb,
                namespace: "debian",
                name: "libc6",
                version: "2.36-9+deb12u10",
                architecture: "amd64",
                source: Package.Source(name: "glibc", version: "2.36-9+deb12u10"),
                locations: [path]
            ),
            Package(kind: .golang, namespace: "example.com", name: "app", version: "", locations: [path]),
            Package(
                kind: .maven,
                namespace: "org.example",
                name: "b",
                version: "1",
                licenses: ["MIT or so"],
                locations: [jar, path]
            ),
            Package(
                kind: .npm,
                namespace: "@s",
                name: "a\"\n\u{1}/",
                version: "1",
                licenses: ["MIT", "(ISC)"],
                locations: [path]
            ),
            Package(
                kind: .pypi,
                name: "y",
                version: "1",
                licenses: ["gpl-2.0+ with Classpath-exception-2.0 OR mit"],
                locations: [path]
            ),
            Package(
                kind: .pypi,
                name: "y",
                version: "1",
                licenses: ["(MIT OR Apache-2.0) AND BSD-3-Clause"],
                locations: [jar],
                ownedBy: "python3-y"
            ),
        ]
        let release = Release(id: "debian", version: "12", prettyName: "Debian GNU/Linux 12 (bookworm)")
        return BillOfMaterials(
            image: "localhost:5000/team/app:1.0",
            digest: try Digest("sha256:" + String(repeating: "ab", count: 32)),
            platform: .linuxAMD64,
            layers: [
                BillOfMaterials.Layer(
                    digest: try Digest("sha256:" + String(repeating: "01", count: 32)),
                    createdBy: "ADD file"
                ),
                BillOfMaterials.Layer(digest: try Digest("sha256:" + String(repeating: "02", count: 32))),
            ],
            inventory: Inventory(release: release, packages: packages, unreadable: unreadable),
            isComplete: isComplete,
            completeness: [BillOfMaterials.Statement(name: "layers", value: "2 of 2")],
            toolVersion: "1.2.3",
            timestamp: Date(timeIntervalSince1970: 1_795_521_661),
            identifier: identifier
        )
    }

    private func json(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func list(_ value: Any?) throws -> [[String: Any]] { try #require(value as? [[String: Any]]) }

    @Test func cycloneDXHasEveryPackageOnce() throws {
        let bytes = try BillOfMaterialsTests.bill().cycloneDX()
        let document = try json(bytes)
        #expect(document["specVersion"] as? String == "1.6")
        #expect(document["serialNumber"] as? String == "urn:uuid:01020304-0506-4708-890a-0b0c0d0e0f10")
        let metadata = try #require(document["metadata"] as? [String: Any])
        #expect(metadata["timestamp"] as? String == "2026-11-24T12:01:01Z")
        let image = try #require(metadata["component"] as? [String: Any])
        #expect(
            image["purl"] as? String
                == "pkg:oci/app@sha256:\(String(repeating: "ab", count: 32))?arch=amd64&repository_url=localhost:5000%2Fteam%2Fapp"
        )
        let components = try list(document["components"])
        #expect(components.count == 7)
        let references = components.compactMap { $0["bom-ref"] as? String }
        #expect(Set(references).count == 7)
        #expect(references[1] == "pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12")
        #expect(components[4]["name"] as? String == "a\"\n\u{1}/")
        #expect(try list(document["compositions"])[0]["aggregate"] as? String == "complete")
        #expect(!String(decoding: bytes, as: UTF8.self).contains("\\/"))
    }

    @Test func sameValuesGiveTheSameBytes() throws {
        #expect(try BillOfMaterialsTests.bill().cycloneDX() == BillOfMaterialsTests.bill().cycloneDX())
        #expect(try BillOfMaterialsTests.bill().spdx() == BillOfMaterialsTests.bill().spdx())
    }

    // A bill that leaves something out says so, in both forms.
    @Test(arguments: [(true, 0, true), (false, 0, false), (true, 1, false)])
    func incompleteInventoryIsNotCalledComplete(isComplete: Bool, unreadable: Int, saysAll: Bool) throws {
        let broken = Inventory.Unreadable(path: "opt/c.jar", reason: "cut off")
        let bill = try BillOfMaterialsTests.bill(
            isComplete: isComplete,
            unreadable: Array(repeating: broken, count: unreadable)
        )
        let compositions = try list(json(bill.cycloneDX())["compositions"])
        #expect(compositions[0]["aggregate"] as? String == (saysAll ? "complete" : "incomplete"))
        let comment = try #require(json(bill.spdx())["comment"] as? String)
        #expect(comment.hasPrefix(saysAll ? "The inventory is complete." : "The inventory is incomplete."))
        #expect(comment.contains("layers: 2 of 2"))
        #expect(comment.contains("opt/c.jar: cut off") == (unreadable > 0))
    }

    @Test func spdxSaysWhereEachPackageIsFrom() throws {
        let document = try json(BillOfMaterialsTests.bill().spdx())
        let packages = try list(document["packages"])
        #expect(packages.count == 8)
        #expect(packages[2]["name"] as? String == "libc6")
        let info = try #require(packages[2]["sourceInfo"] as? String)
        #expect(info.contains("stated by var/lib/dpkg/status in layer 0 (sha256:0101"))
        #expect(info.contains("built from glibc 2.36-9+deb12u10"))
        #expect(packages[3]["versionInfo"] == nil)
        #expect(try list(document["relationships"]).count == 8)
    }

    // Expressions are spelled as SPDX spells them; other words stay what they are.
    @Test func licensesAreExpressionsOrTheirOwnWords() throws {
        let packages = try list(json(BillOfMaterialsTests.bill().spdx())["packages"])
        let declared = packages.map { $0["licenseDeclared"] as? String ?? "" }
        #expect(declared[2] == "NOASSERTION")
        #expect(declared[4].hasPrefix("LicenseRef-MIT-or-so-"))
        #expect(declared[5] == "MIT AND ((ISC))")
        #expect(declared[6].hasPrefix("LicenseRef-gpl-2-0--with"))
        #expect(declared[7] == "((MIT OR Apache-2.0) AND BSD-3-Clause)")
    }

    /// A Python that has the validators; nil where none was set up.
    private static let python: String? = {
        let environment = ProcessInfo.processInfo.environment["PRATIQUE_SBOM_PYTHON"]
        let ours = [".venv", ".venv-reports"].map { SampleData.repository.appending(path: "\($0)/bin/python").path }
        let candidates = [environment].compactMap { $0 } + ours
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private static let validators = [
        "cyclonedx":
            """
        import sys
        try:
            from cyclonedx.validation.json import JsonStrictValidator
            from cyclonedx.schema import SchemaVersion
            validator = JsonStrictValidator(SchemaVersion.V1_6)
            import jsonschema
        except Exception as missing:
            print(missing); sys.exit(77)
        errors = validator.validate_str(open(sys.argv[1]).read())
        if errors: print(errors); sys.exit(1)
        """,
        "spdx":
            """
        import sys
        try:
            from spdx_tools.spdx.parser.parse_anything import parse_file
            from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
        except Exception as missing:
            print(missing); sys.exit(77)
        messages = validate_full_spdx_document(parse_file(sys.argv[1]))
        for message in messages: print(message.validation_message)
        if messages: sys.exit(1)
        """,
    ]

    /// A bill with flaws, each of whose members is there once and missing once.
    private static func flawedBill() throws -> BillOfMaterials {
        var bill = try bill()
        let analysis = BillOfMaterials.Vulnerability.Analysis(
            state: "not_affected",
            detail: "never \"called\"",
            updated: "2026-11-24T12:00:00Z"
        )
        for (number, severity) in ["critical", "info", "unknown"].enumerated() {
            bill.vulnerabilities.append(
                BillOfMaterials.Vulnerability(
                    id: "CVE-2026-\(number)",
                    aliases: number == 0 ? ["GHSA-1", "DEBIAN-1"] : [],
                    package: number == 2 ? 99 : number,
                    severity: severity,
                    score: number == 0 ? 9.8 : nil,
                    vector: number == 0 ? "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" : nil,
                    summary: "a \u{1} flaw",
                    fixedIn: number == 0 ? "2" : nil,
                    references: number == 0 ? ["https://example.com/a?b=c#d"] : [],
                    weaknesses: number == 0 ? [79, 787] : [],
                    published: number == 0 ? "2026-01-01T00:00:00Z" : nil,
                    modified: nil,
                    analysis: number == 0 ? analysis : nil
                )
            )
        }
        return bill
    }

    @Test func flawsAffectThePackagesThatTheyAreOf() throws {
        let document = try json(BillOfMaterialsTests.flawedBill().cycloneDX())
        let (components, flaws) = (try list(document["components"]), try list(document["vulnerabilities"]))
        // A flaw of a package that is not there is nobody's.
        #expect(flaws.map { $0["id"] as? String } == ["CVE-2026-0", "CVE-2026-1"])
        for (number, flaw) in flaws.enumerated() {
            let affected = try #require(try list(flaw["affects"]).first?["ref"] as? String)
            #expect(affected == components[number + 1]["bom-ref"] as? String)
        }
        #expect(try list(flaws[0]["ratings"]).first?["method"] as? String == "CVSSv31")
    }

    @Test func piecesOfAProjectsBillAreOneDocument() throws {
        let document = try json(try BillOfMaterialsTests.projectBill())
        let images = try list(document["components"])
        let references = try images.flatMap { image in
            [image["bom-ref"]] + (try list(image["components"]).map { $0["bom-ref"] })
        }.compactMap { $0 as? String }
        #expect(images.count == 2 && references.count == 16 && Set(references).count == 16)
        let aggregates = try list(document["compositions"]).map { $0["aggregate"] as? String }
        #expect(aggregates == ["complete", "incomplete"])
    }

    private static func projectBill() throws -> [UInt8] {
        var project = ProjectBill(
            project: "a \"project\"",
            statements: [BillOfMaterials.Statement(name: "images", value: "2")],
            toolVersion: "1.2.3",
            timestamp: Date(timeIntervalSince1970: 1_795_521_661),
            identifier: identifier
        )
        var bytes: [UInt8] = []
        for isComplete in [true, false] { bytes += project.add(try bill(isComplete: isComplete)) }
        return bytes + project.finish()
    }

    @Test(arguments: ["cyclonedx", "project", "spdx"]) func documentIsValidByItsSchema(format: String) async throws {
        let script = try #require(BillOfMaterialsTests.validators[format == "project" ? "cyclonedx" : format])
        guard let python = BillOfMaterialsTests.python else {
            return Test.note("no Python environment beside this repository: \(format) was not validated")
        }
        let bill = try BillOfMaterialsTests.flawedBill()
        let bytes =
            switch format {
            case "spdx": bill.spdx()
            case "project": try BillOfMaterialsTests.projectBill()
            default: bill.cycloneDX()
            }
        let directory = FileManager.default.temporaryDirectory.appending(path: "pratique-sbom-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        // Its reader goes by this ending.
        let file = directory.appending(path: "bill.\(format).json")
        try Data(bytes).write(to: file)
        let result = try await run(
            .name("env"),
            arguments: [python, "-c", script, file.path],
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        if case .exited(77) = result.terminationStatus {
            return Test.note("\(format) was not validated: \(result.standardOutput)")
        }
        #expect(result.terminationStatus == .exited(0), "\(result.standardOutput) \(result.standardError)")
    }
}
