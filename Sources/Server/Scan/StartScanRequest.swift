import Advisories
import Foundation
import OCI
import Registries
import Storage
import Tenancy

/// What a request for a scan asks, after all rules; every complaint is told together.
struct StartScanRequest: Sendable {
    /// Nil for a public image.
    let credential: CredentialID?
    /// As it was sent; which registry it is of may depend on the credential.
    let imageName: String
    let platform: String
    let branch: String?
    let isPrivate: Bool
    let severities: [String]

    /// The field that names the image.
    let imageField: String

    /// A branch is a Git reference: as long as a name of a file.
    static let branchLimit = 255
    /// Every severity in each of its spellings, and no more.
    static let severityLimit = 20

    /// The members that both requests have, for ``Schema/object(_:optional:)``.
    static let commonSchema: [(String, JSON)] = [
        ("branch", Schema.string("The branch that the image was built from", maximum: branchLimit)),
        (
            "platform",
            Schema.string("`os/architecture[/variant]`; without it the registry's choice", example: "linux/amd64")
        ),
    ]

    /// The body of a scan with a credential.
    static let credentialSchema = Schema.object(
        [
            ("credentialId", Schema.uuid("A credential that is linked to the project")),
            (
                "imageName",
                Schema.string(
                    "Image with its tag or digest, with or without the registry's host",
                    example: "my-app:v1.0.0",
                    maximum: ImageReference.lengthLimit,
                    minimum: 1
                )
            ), ("privateScan", Schema.boolean("Told again by the scan")),
            (
                "severities",
                Schema.array(
                    Schema.string("`CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `NEGLIGIBLE`, `UNKNOWN`, in either case"),
                    "Told again by the scan; its results hold every severity, and lists can be narrowed",
                    maximum: severityLimit
                )
            ),
        ] + commonSchema,
        optional: ["privateScan", "severities", "branch", "platform"]
    )

    /// The body of a scan of a public image.
    static let publicSchema = Schema.object(
        [
            (
                "imageToScan",
                Schema.string(
                    "Public image",
                    example: "node:18-alpine",
                    maximum: ImageReference.lengthLimit,
                    minimum: 1
                )
            ),
            (
                "vulnerabilityTypes",
                Schema.array(Schema.string("A severity"), "As `severities`", maximum: severityLimit)
            ),
            ("sourceType", Schema.choice(SourceType.allCases.map(\.rawValue), "What asks")),
        ] + commonSchema,
        optional: ["vulnerabilityTypes", "sourceType", "branch", "platform"]
    )

    private enum SourceType: String, CaseIterable { case manual, cli, github, gitlab, jetbrains, vscode }

    /// A scan with a credential.
    init(withCredential body: Data) throws(APIError) {
        var fields = try RequestFields(body)
        credential = fields.id("credentialId")
        imageField = "imageName"
        imageName = fields.text(imageField, limit: ImageReference.lengthLimit) ?? ""
        isPrivate = fields.flag("privateScan")
        severities = fields.severities("severities")
        branch = fields.optionalText("branch", limit: Self.branchLimit)
        platform = fields.platform()
        try fields.finish()
    }

    /// A scan of a public image.
    init(ofPublicImage body: Data) throws(APIError) {
        var fields = try RequestFields(body)
        credential = nil
        imageField = "imageToScan"
        imageName = fields.text(imageField, limit: ImageReference.lengthLimit) ?? ""
        isPrivate = false
        severities = fields.severities("vulnerabilityTypes")
        branch = fields.optionalText("branch", limit: Self.branchLimit)
        platform = fields.platform()
        if fields.contains("sourceType") { _ = fields.choice("sourceType", as: SourceType.self) }
        try fields.finish()
    }

    /// What is queued. Throws a complaint on the field that names the image.
    func scan(in project: ProjectID, _ grant: Grant, credential: Credential?) throws(APIError) -> ScanRequest {
        guard let organization = grant.organization else { throw .forbidden }
        let image: ImageReference
        do throws(FieldComplaint) {
            if let credential {
                image = try .image(imageName, of: credential)
            } else {
                image = try .publicImage(imageName)
            }
        } catch {
            throw .invalid(imageField, error.message)
        }
        return ScanRequest(
            organization: organization,
            project: project,
            credential: credential?.id,
            askedBy: grant.principal.user,
            image: image.description,
            repository: image.repositoryName,
            tag: image.tag ?? image.reference,
            platform: platform,
            branch: branch,
            isPrivate: isPrivate,
            severities: severities
        )
    }
}

extension RequestFields {
    /// Severities in either case, each once, in lower case.
    fileprivate mutating func severities(_ field: String) -> [String] {
        var words: [String] = []
        for (index, text) in (texts(field, limit: StartScanRequest.severityLimit) ?? []).enumerated() {
            let word = text.lowercased()
            guard Severity(rawValue: word) != nil else {
                complain(
                    "\(field)[\(index)]",
                    "must be one of: \(Severity.worstFirst.map { $0.rawValue.uppercased() }.joined(separator: ", "))"
                )
                continue
            }
            if !words.contains(word) { words.append(word) }
        }
        return words
    }

    /// A small letter, a digit, or one of `. _ -`.
    private func isPlain(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 46 || byte == 95 || byte == 45
    }

    /// `os/architecture[/variant]`, or empty.
    mutating func platform() -> String {
        guard let text = optionalText("platform") else { return "" }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isRight = (2...3).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isPlain) }
        if !isRight { complain("platform", "must be like linux/amd64 or linux/arm/v7") }
        return isRight ? text : ""
    }
}

extension Severity {
    /// Every severity, as lists show them.
    static let worstFirst = allCases.sorted(by: >)
}
