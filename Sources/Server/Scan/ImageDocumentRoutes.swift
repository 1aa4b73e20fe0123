import Foundation
import HTTPTypes
import Hummingbird
import Scanning
import Storage
import Tenancy

/// What is known of one image, as documents in the forms that other programs read.
struct ImageDocumentRoutes {
    private let tag = "Results"
    private let path = "/project/{projectId}/results/container/images/{imageId}"

    func add(to api: inout APIRoutes) {
        addBill(to: &api)
        for form in [DocumentForm.sarif, .csv, .report] { add(form, to: &api) }
    }

    private static let description = """
        It is of the moment when the image was last held against the advisories, with the decisions of now. How complete it is \
        stands in it.
        """

    private func addBill(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "\(path)/sbom",
                id: "getImageBill",
                tag: tag,
                summary: "The bill of materials of an image",
                description: """
                    \(Self.description) CycloneDX holds the findings as `vulnerabilities`, each with an `analysis`; SPDX has no place for \
                    them.
                    """,
                query: [
                    Operation.Parameter(
                        name: "format",
                        description: "CycloneDX 1.6, which it is without this, or SPDX 2.3; both as JSON",
                        schema: Schema.choice(Self.bills.keys.sorted(), "Form")
                    )
                ],
                success: success(.cyclonedx, otherwise: .spdx)
            )
        ) { call in
            var query = QueryFields(call.request)
            let form = query.choice("format", of: Self.bills)
            _ = try query.finish()
            return try await call.document(form ?? .cyclonedx)
        }
    }

    private static let bills: [String: DocumentForm] = ["cyclonedx": .cyclonedx, "spdx": .spdx]

    private func add(_ form: DocumentForm, to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "\(path)/\(form.rawValue)",
                id: form.operation,
                tag: tag,
                summary: form.summary,
                description: Self.description,
                success: success(form)
            )
        ) { call in
            try await call.document(form)
        }
    }

    private func success(_ form: DocumentForm, otherwise other: DocumentForm? = nil) -> Operation.Success {
        Operation.Success(
            status: .ok,
            description: "The document",
            schema: form.schema,
            contentType: form.mediaType,
            alternatives: other.map { [$0.mediaType: $0.schema] } ?? [:],
            headers: ["Content-Disposition": "A name for a file"]
        )
    }
}

/// The forms of a document on one image; the raw value ends its path.
enum DocumentForm: String {
    case cyclonedx, spdx, sarif, csv, report

    /// As registered with IANA, but for our own.
    var mediaType: String {
        switch self {
        case .cyclonedx: "application/vnd.cyclonedx+json"
        case .spdx: "application/spdx+json"
        case .sarif: "application/sarif+json"
        case .csv: "text/csv"
        case .report: "application/json"
        }
    }

    /// What follows the media type in `Content-Type`. Source: RFC 4180, section 3; CycloneDX, "Media types".
    fileprivate var mediaParameters: String {
        switch self {
        case .cyclonedx: "; version=1.6"
        case .csv: "; charset=utf-8; header=present"
        case .spdx, .sarif, .report: ""
        }
    }

    /// How the name of a file ends.
    fileprivate var suffix: String {
        switch self {
        case .cyclonedx: "cdx.json"
        case .spdx: "spdx.json"
        case .sarif: "sarif"
        case .csv: "csv"
        case .report: "json"
        }
    }

    fileprivate var operation: String {
        switch self {
        case .cyclonedx, .spdx: "getImageBill"
        case .sarif: "getImageSARIF"
        case .csv: "getImageCSV"
        case .report: "getImageReport"
        }
    }

    fileprivate var summary: String {
        switch self {
        case .cyclonedx, .spdx: "The bill of materials of an image"
        case .sarif: "The findings of an image as SARIF 2.1.0; what nobody needs to look at is suppressed"
        case .csv: "The findings of an image as CSV, one a line"
        case .report: "Packages and findings of an image, in the form of `pratique inspect -o json`"
        }
    }

    var schema: JSON {
        self == .csv
            ? Schema.string("CSV with a header")
            : [
                "type": "object", "additionalProperties": true,
                "description": "As the specification of its form has it",
            ]
    }

    fileprivate func bytes(_ report: ImageReport) throws -> [UInt8] {
        switch self {
        case .cyclonedx: report.cycloneDX()
        case .spdx: report.spdx()
        case .sarif: try report.sarif()
        case .csv: report.csv()
        case .report: try report.json()
        }
    }
}

extension Call {
    /// The document on the image in the path.
    fileprivate func document(_ form: DocumentForm) async throws -> Response {
        let project = try projectID()
        try await reopenExpiredDecisions(of: project)
        let grant = try await authorize(.project(project, .read))
        let slot = try service.documents.enter(grant.principal.key, project)
        let (image, held) = try await service.documents.make { () async throws -> (StoredImage, bytes: [UInt8]) in
            let (image, inventory, findings) = try await kept(in: project)
            let report = ImageReport(image, inventory: inventory, findings: findings, toolVersion: Release.version)
            guard let report else { throw APIError.unreadableImage }
            return (image, try form.bytes(report))
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: form.mediaType + form.mediaParameters, .contentLength: String(held.count),
                .contentDisposition: Response.attachment("\(image.repository)-\(image.tag).\(form.suffix)"),
            ],
            body: ResponseBody(contentLength: held.count) { writer in
                defer { withExtendedLifetime(slot) {} }
                try await DocumentWriter().write(held, to: &writer)
                try await writer.finish(nil)
            }
        )
    }

    private func kept(in project: ProjectID) async throws -> (StoredImage, inventory: [UInt8], [StoredFinding]) {
        try await read(.project(project, .read)) { session, _ in
            let image = try image(in: project, session)
            let inventory = try ImageStore(session).inventory(of: image.id)
            return (image, inventory ?? [], try FindingStore(session).all(of: image.id))
        }
    }

    /// The image in the path, or 404.
    func image(in project: ProjectID, _ session: any SQLSession) throws -> StoredImage {
        guard let id = id("imageId", as: ImageID.self), let image = try ImageStore(session).find(id, in: project) else {
            throw APIError.notFound("image", code: .imageNotFound)
        }
        return image
    }
}

extension APIError {
    /// Another version of the program wrote what is kept.
    fileprivate static let unreadableImage = APIError(
        status: .conflict,
        code: .conflict,
        message: "this version cannot read what is kept of the image",
        hint: "Scan the image again"
    )
}

extension Response {
    /// A browser saves what it heads under `name`, of which letters, digits, dots and dashes are left.
    ///
    /// Source: RFC 6266. Names of repositories come from registries: nothing of one may end the quotes or be a path.
    static func attachment(_ name: String) -> String {
        let plain = name.utf8.suffix(150).map { byte -> Character in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 46
                || byte == 95
            return isPlain ? Character(Unicode.Scalar(byte)) : "-"
        }
        return "attachment; filename=\"\(String(plain).trimmingCharacters(in: CharacterSet(charactersIn: ".-")))\""
    }
}
