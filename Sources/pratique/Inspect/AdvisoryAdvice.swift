import Foundation
import Scanning

/// Where advisories for the packages of an image can be had.
struct AdvisoryAdvice {
    private let ecosystems: [String]

    /// osv.dev publishes an archive for each ecosystem. Source: google.github.io/osv.dev, "Data dumps".
    private static let bucket = "https://osv-vulnerabilities.storage.googleapis.com"
    /// Purl types, which stand for packages of which nothing can be asked.
    private static let types: Set<String> = [
        "deb", "apk", "rpm", "pypi", "maven", "golang", "cargo", "gem", "composer", "nuget",
    ]

    init(_ completeness: ReportCompleteness) {
        var seen: Set<String> = []
        ecosystems = completeness.ecosystems
            .map { String($0.name.prefix { $0 != ":" }) }
            .filter { !AdvisoryAdvice.types.contains($0) && seen.insert($0).inserted }
    }

    /// `pratique advisory import URL…`; nil when the image has nothing that anybody could know of.
    var command: String? {
        guard !ecosystems.isEmpty else { return nil }
        let urls = ecosystems.map { name in
            "\(AdvisoryAdvice.bucket)/\(name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? name)/all.zip"
        }
        return "pratique advisory import " + urls.joined(separator: " ")
    }
}
