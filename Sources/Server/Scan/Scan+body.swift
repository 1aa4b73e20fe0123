import Foundation
import Registries
import Storage
import Tenancy

extension Scan {
    /// Where it is.
    var location: String { "/project/\(request.project)/scan/\(id)" }

    /// The contract's word for its state, which knows no cancelled scan: its clients would wait for one for ever.
    private var publishedState: String { state == .cancelled ? State.failed.rawValue : state.rawValue }

    /// Where it stands and no more.
    var progressBody: JSON {
        [
            "scanId": .id(id), "state": .string(publishedState), "status": .string(state.rawValue),
            "step": .string(step),
            "progress": .integer(progress), "isCancelAsked": .bool(isCancelAsked),
        ]
    }

    /// A scan, in the contract's words and ours. Source: published-api.json, `ScanResponseDto`; published-api-notes.md.
    var body: JSON {
        let container = JSON.object([
            ("id", .id(image?.uuid ?? id.uuid)), ("status", .string(publishedState)), ("createdAt", .time(createdAt)),
            ("startedAt", .time(startedAt)), ("finishedAt", .time(finishedAt)), ("scanId", .id(id)),
        ])
        let published: [(String, JSON?)] = [
            ("id", .id(id)), ("name", .string(request.image)), ("state", .string(publishedState)), ("language", []),
            ("projectId", .id(request.project)), ("private", .bool(request.isPrivate)),
            ("initializerUserId", request.askedBy.map { .id($0) }), ("createAt", .time(createdAt)),
            ("updatedAt", .time(updatedAt)), ("scanType", "container"),
            ("startTime", startedAt.map { .time($0) }), ("endTime", finishedAt.map { .time($0) }),
            ("containers", [container]), ("progress", .integer(progress)), ("step", .string(step)),
            ("vulnerabilityDetected", findingCount.map { .integer($0) }),
        ]
        let trouble: [(String, JSON?)] = [
            ("errorMessage", reason.map { .string($0.message) }),
            ("errorCode", failure?.upstreamStatus.map { .integer($0) }),
            ("errorCategory", reason.map { .string($0.category.rawValue) }), ("error", reason.map(\.body)),
        ]
        let own: [(String, JSON?)] = [
            ("status", .string(state.rawValue)), ("isCancelAsked", .bool(isCancelAsked)),
            ("attempts", .integer(attempts)), ("image", .string(request.image)),
            ("repository", .string(request.repository)), ("tag", .string(request.tag)),
            ("platform", .string(request.platform)), ("branch", .nullable(request.branch)),
            ("severities", .array(request.severities.map { .string($0.uppercased()) })),
            ("credentialId", JSON.nullable(request.credential?.description)),
            ("imageId", JSON.nullable(image?.description)),
            ("waitsUntil", .time(waitsUntil)),
            ("completeness", JSON.embedding(completeness)),
        ]
        return .object(published + trouble + own)
    }

    private var reason: ScanFailure? {
        if let failure { return failure }
        guard state == .cancelled else { return nil }
        return ScanFailure(category: .scan, code: "cancelled", message: "the scan was cancelled")
    }

    /// The answer to a request for a scan. Source: published-api.json, `StartScanResponseDto`.
    func startedBody(isNew: Bool) -> JSON {
        [
            "success": true,
            "message": isNew
                ? "the scan waits for its turn" : "the same scan was asked for already and waits for its turn",
            "scanId": .id(id), "detectedLanguages": [],
        ]
    }

    static let startedSchema = Schema.object([
        ("success", Schema.boolean("Always true")), ("message", Schema.string("What became of the request")),
        ("scanId", Schema.uuid("Scan")), ("detectedLanguages", Schema.array(Schema.string("Always empty for images"))),
    ])

    static let failureSchema = Schema.object(
        [
            ("category", Schema.choice(ScanFailure.Category.allCases.map(\.rawValue), "What kind of trouble it was")),
            ("code", Schema.string("Its stable name")),
            ("upstreamStatus", Schema.integer("HTTP status of the registry's answer")),
            ("hint", Schema.string("What may help")), ("message", Schema.string("What failed")),
        ],
        optional: ["upstreamStatus", "hint"]
    )

    private static let containerSchema = Schema.object([
        ("id", Schema.uuid("The image; the scan itself while there is none")),
        ("status", Schema.string("As `state`")), ("createdAt", Schema.time("When the scan was asked for")),
        ("startedAt", Schema.time("When it began", nullable: true)),
        ("finishedAt", Schema.time("When it ended", nullable: true)), ("scanId", Schema.uuid("Scan")),
    ])

    static let schema = Schema.object(
        [
            ("id", Schema.uuid("Scan")), ("name", Schema.string("Full name of the image")),
            (
                "state",
                Schema.choice(
                    State.allCases.filter { $0 != .cancelled }.map(\.rawValue),
                    "Where it stands; a cancelled scan is `failed` here, with the code `cancelled`"
                )
            ),
            ("language", Schema.array(Schema.string("Always empty for images"))), ("projectId", Schema.uuid("Project")),
            ("private", Schema.boolean("As it was asked for")), ("initializerUserId", Schema.uuid("Who asked")),
            ("createAt", Schema.time("When it was asked for")),
            ("updatedAt", Schema.time("When anything last changed")),
            ("scanType", Schema.string("`container`")), ("startTime", Schema.time("When it began")),
            ("endTime", Schema.time("When it ended")), ("containers", Schema.array(containerSchema)),
            ("progress", Schema.integer("0 to 100")),
            (
                "step",
                Schema.string(
                    "What is being done; of a scan in the queue `pause` or `twin`, when it waits for the end of a pause that its registry wants, or for another scan of the same image"
                )
            ),
            ("vulnerabilityDetected", Schema.integer("Findings of the image, once there is a result")),
            ("errorMessage", Schema.string("Why there is no result")),
            ("errorCode", Schema.integer("HTTP status of the registry's answer that led to it")),
            ("errorCategory", Schema.string("What kind of trouble it was")), ("error", failureSchema),
            ("status", Schema.choice(State.allCases.map(\.rawValue), "Where it stands, in all of our words")),
            ("isCancelAsked", Schema.boolean("Whether somebody asked for its end")),
            ("attempts", Schema.integer("Workers that had it")), ("image", Schema.string("Full name of the image")),
            ("repository", Schema.string("Registry and repository")), ("tag", Schema.string("Tag, or digest")),
            ("platform", Schema.string("As it was asked for; empty for the registry's choice")),
            ("branch", Schema.string("As it was asked for").adding(["nullable": true])),
            ("severities", Schema.array(Schema.string("Severity"), "As they were asked for")),
            ("credentialId", Schema.uuid("Credential").adding(["nullable": true])),
            ("imageId", Schema.uuid("Image with the results").adding(["nullable": true])),
            (
                "waitsUntil",
                Schema.time("When it goes on at the latest, where `step` says that it waits", nullable: true)
            ),
            ("completeness", Schema.completeness),
        ],
        optional: [
            "initializerUserId", "startTime", "endTime", "vulnerabilityDetected", "errorMessage", "errorCode",
            "errorCategory", "error",
        ]
    )
}

extension ScanFailure {
    /// What went wrong, with what may help.
    var body: JSON {
        .object([
            ("category", .string(category.rawValue)), ("code", .string(code)),
            ("upstreamStatus", upstreamStatus.map { .integer($0) }), ("hint", .optional(hint)),
            ("message", .string(message)),
        ])
    }
}

extension JSON {
    /// A document of ours that is kept as text, as it stands; null when there is none, or when it is no object.
    static func embedding(_ text: String?) -> JSON {
        guard let text, (try? JSONReader.members(of: text.utf8)) != nil else { return .null }
        return .written(Array(text.utf8))
    }

    /// A text, or null.
    static func nullable(_ text: String?) -> JSON {
        guard let text else { return .null }
        return .string(text)
    }

    /// An id without a type of its own.
    fileprivate static func id(_ uuid: UUID) -> JSON { .string(uuid.uuidString.lowercased()) }
}

extension Schema {
    /// What of an image was read and what its packages were held against, as `pratique inspect` tells it.
    static let completeness: JSON = [
        "type": "object", "nullable": true, "additionalProperties": true,
        "description":
            "How much of the truth the result holds; null while there is none. docs/inspect.md tells its members",
    ]
}
