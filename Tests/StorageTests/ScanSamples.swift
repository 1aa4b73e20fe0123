import Advisories
import Foundation
import Inventory
import OCI
import Storage
import Tenancy

extension ScanRequest {
    /// Asked of the first project of home, or of the one given.
    static func sample(
        _ world: World,
        project: Project? = nil,
        credential: CredentialID? = nil,
        repository: String = "registry.example/app",
        tag: String = "1",
        priority: Priority = .asked
    ) -> ScanRequest {
        let project = project ?? world.home.projects[0]
        return ScanRequest(
            organization: project.organization,
            project: project.id,
            credential: credential,
            askedBy: world.home.user.id,
            image: "\(repository):\(tag)",
            repository: repository,
            tag: tag,
            branch: "main",
            severities: ["HIGH", "CRITICAL"],
            priority: priority
        )
    }
}

extension ScanFailure {
    static let sample = ScanFailure(category: .api, code: "x", upstreamStatus: 503, hint: "wait", message: "no")
}

extension Digest {
    static func sample(_ number: UInt8) throws -> Digest {
        try Digest("sha256:" + String(repeating: String(number % 10), count: 64))
    }
}

extension NewFinding {
    static func sample(
        _ flaw: String,
        aliases: [String] = [],
        package: String = "openssl",
        version: String = "1",
        severity: Severity = .high,
        score: Int? = 75,
        fixedIn: String? = "2",
        layer: Int? = 0,
        path: String? = "var/lib/dpkg/status",
        detail: String = "{}"
    ) -> NewFinding {
        NewFinding(
            kind: .deb,
            name: package,
            installedVersion: version,
            flaw: flaw,
            aliases: aliases,
            severity: severity,
            scoreInTenths: score,
            fixedIn: fixedIn,
            isExploited: false,
            layer: layer,
            path: path,
            detail: detail
        )
    }
}

extension ScanOutcome {
    static func sample(
        _ findings: [NewFinding],
        packages: [(name: String, version: String)] = [("openssl", "1"), ("zlib", "3")],
        isDegraded: Bool = false
    ) throws -> ScanOutcome {
        ScanOutcome(
            isDegraded: isDegraded,
            completeness: #"{"layersDone":1}"#,
            platform: "linux/amd64",
            digest: try .sample(1),
            indexDigest: try .sample(2),
            osFamily: "debian",
            osName: "Debian 12",
            sizeInBytes: 5,
            layers: [StoredLayer(digest: "sha256:ab", sizeInBytes: 5, createdBy: "RUN apt-get install")],
            inventory: [1, 2, 3],
            packages: packages.map {
                NewPackage(
                    kind: .deb,
                    name: $0.name,
                    version: $0.version,
                    purl: "pkg:deb/\($0.name)@\($0.version)",
                    licenses: ["MIT", "Apache-2.0 OR BSD"],
                    path: "var/lib/dpkg/status",
                    layer: 0
                )
            },
            findings: findings
        )
    }
}

/// Runs a scan of `request` from its start to its end; the queue must hold nothing before it.
@discardableResult
func scan(
    _ request: ScanRequest,
    finding findings: [NewFinding],
    at now: Date = .sample,
    in session: any SQLSession
) throws -> ImageID? {
    _ = try ScanStore(session).enqueue(request, at: now)
    let claim = try ScanQueue(session).claim(until: now.addingTimeInterval(30), now: now)
    return try claim.flatMap { try ScanQueue(session).finish($0, .sample(findings), at: now) }
}
