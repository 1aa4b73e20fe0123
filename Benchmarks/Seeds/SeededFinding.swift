import Advisories
import Inventory
import Storage

/// One finding of many; everything about it follows from its number.
struct SeededFinding: Sendable {
    let number: Int
    let packages: Int

    var flaw: String { "CVE-2024-\(100_000 + number)" }
    var alias: String { "GHSA-\(number)-seed" }
    var severity: Severity { Severity.allCases[number % Severity.allCases.count] }
    var isFixable: Bool { number % 3 != 0 }

    var status: FindingStatus {
        switch number % 10 {
        case 0: .ignored
        case 1: .confirmed
        case 2: .resolved
        default: .toVerify
        }
    }

    /// Every fourth package is of a language.
    private static func kind(_ package: Int) -> Package.Kind { package % 4 == 0 ? .npm : .deb }

    static func package(_ number: Int, version: String) -> NewPackage {
        let kind = kind(number)
        return NewPackage(
            kind: kind,
            name: "package-\(number)",
            version: version,
            purl: "pkg:\(kind.rawValue)/package-\(number)@\(version)",
            licenses: ["MIT"],
            path: kind == .deb ? "var/lib/dpkg/status" : "app/node_modules/package-\(number)/package.json",
            layer: 0
        )
    }

    func finding(version: String) -> NewFinding {
        let package = number % packages
        return NewFinding(
            kind: Self.kind(package),
            name: "package-\(package)",
            installedVersion: version,
            flaw: flaw,
            aliases: [alias],
            severity: severity,
            scoreInTenths: number % 101,
            fixedIn: isFixable ? "9.0.0" : nil,
            isExploited: number % 50 == 0,
            layer: 0,
            path: nil,
            detail: Self.detail
        )
    }

    /// What a line of the truth holds.
    func line(_ repository: String) -> String {
        let package = number % packages
        return [
            severity.rawValue, status.rawValue, isFixable ? "1" : "0", Self.kind(package).rawValue,
            "package-\(package)", flaw,
            alias, repository,
        ].joined(separator: "\t")
    }

    /// As long as that of an advisory usually is.
    private static let detail =
        #"{"cwes":["CWE-787"],"details":""#
        + String(repeating: "An attacker may write behind the end of a buffer. ", count: 12)
        + #"","references":["https://example.com/advisory","https://example.com/commit"],"summary":"Out-of-bounds write"}"#
}
