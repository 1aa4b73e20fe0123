import Advisories
import Foundation
import Inventory
import OCI
import Tenancy

extension StoredImage {
    static let columns = """
        id, organization_id, project_id, repository, tag, platform, branch, digest, index_digest, os_family, os_name, \
        size_in_bytes, layers, completeness, scan_id, package_count, created_at, scanned_at, matched_at, critical, high, \
        medium, low, negligible, unknown
        """

    /// From ``columns``.
    init(row: SQLRow) throws {
        self.init(
            id: ImageID(try row.uuid(0)),
            organization: OrganizationID(try row.uuid(1)),
            project: ProjectID(try row.uuid(2)),
            repository: try row.text(3),
            tag: try row.text(4),
            platform: try row.text(5),
            branch: try row.optionalText(6),
            digest: try Digest(stored: row.text(7)),
            indexDigest: try row.optionalText(8).map { try Digest(stored: $0) },
            osFamily: try row.optionalText(9),
            osName: try row.optionalText(10),
            sizeInBytes: try row.integer(11),
            layers: try [StoredLayer](encoded: row.text(12)),
            completeness: try row.text(13),
            scan: ScanID(try row.uuid(14)),
            packageCount: Int(try row.integer(15)),
            counts: try SeverityCounts(row: row, from: 19),
            createdAt: try row.time(16),
            scannedAt: try row.time(17),
            matchedAt: try row.time(18)
        )
    }
}

extension SeverityCounts {
    /// In the order of the columns of an image.
    static let columns: [Severity] = [.critical, .high, .medium, .low, .negligible, .unknown]

    init(row: SQLRow, from first: Int) throws {
        self.init()
        for (index, severity) in SeverityCounts.columns.enumerated() {
            self[severity] = Int(try row.integer(first + index))
        }
    }
}

extension Severity {
    /// As it is kept: 0 for unknown up to 5 for critical, so that it can be sorted by.
    var stored: Int64 { Int64(Severity.ascending.firstIndex(of: self) ?? 0) }

    private static let ascending: [Severity] = [.unknown, .negligible, .low, .medium, .high, .critical]

    init(stored: Int64) throws {
        guard let rank = Int(exactly: stored), Severity.ascending.indices.contains(rank) else {
            throw StorageError(.unexpectedValue, "a severity is unknown")
        }
        self = Severity.ascending[rank]
    }
}

extension Digest {
    fileprivate init(stored text: String) throws {
        do {
            try self.init(text)
        } catch {
            throw StorageError(.unexpectedValue, "a kept digest is none")
        }
    }
}

extension Package.Kind {
    init(stored text: String) throws {
        guard let kind = Package.Kind(rawValue: text) else {
            throw StorageError(.unexpectedValue, "a package is of an unknown kind")
        }
        self = kind
    }
}

extension [StoredLayer] {
    var encoded: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    fileprivate init(encoded: String) throws {
        do {
            self = try JSONDecoder().decode([StoredLayer].self, from: Data(encoded.utf8))
        } catch {
            throw StorageError(.unexpectedValue, "the layers of an image cannot be read")
        }
    }
}

extension StoredPackage {
    /// The severity that is kept of a package without findings.
    static let withoutFinding: Int64 = -1

    static let columns = """
        image_id, kind, name, version, purl, licenses, path, layer, severity, finding_count
        """

    /// From ``columns``.
    init(row: SQLRow, imageCount: Int) throws {
        let severity = try row.integer(8)
        self.init(
            image: ImageID(try row.uuid(0)),
            package: NewPackage(
                kind: try Package.Kind(stored: row.text(1)),
                name: try row.text(2),
                version: try row.text(3),
                purl: try row.text(4),
                licenses: try row.text(5).split(separator: "\n").map(String.init),
                path: try row.optionalText(6),
                layer: try row.optionalInteger(7)
            ),
            severity: severity == StoredPackage.withoutFinding ? .unknown : try Severity(stored: severity),
            findingCount: Int(try row.integer(9)),
            imageCount: imageCount
        )
    }
}
