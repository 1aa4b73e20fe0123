import Foundation
import HTTPTypes
import Hummingbird
import Inventory
import OCI
import Scanning
import Storage
import Tenancy

/// What all images of a project hold.
struct ProjectBillRoutes {
    func add(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/project/{projectId}/sbom",
                id: "getProjectBill",
                tag: "Results",
                summary: "The bill of materials of a project, as CycloneDX 1.6",
                description: """
                    Every image with a result is a component that holds its packages; `compositions` tells which of them were read whole. \
                    A project without any result has none, which is 404.
                    """,
                success: Operation.Success(
                    status: .ok,
                    description: "The document",
                    schema: DocumentForm.cyclonedx.schema,
                    contentType: DocumentForm.cyclonedx.mediaType,
                    headers: ["Content-Disposition": "A name for a file"]
                ),
                errors: [.notFound]
            )
        ) { call in
            let id = try call.projectID()
            let (project, coverage, images, key) = try await call.read(.project(id, .read)) { session, grant in
                guard let project = try ProjectStore(session).find(id) else { throw APIError.forbidden }
                let store = ImageStore(session)
                return (project, try store.coverage(in: id), try store.identifiers(in: id), grant.principal.key)
            }
            guard !images.isEmpty else {
                throw APIError(
                    status: .notFound,
                    code: .imageNotFound,
                    message: "no image of this project has a result yet",
                    hint: "Scan one: pratique scan start"
                )
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "\(DocumentForm.cyclonedx.mediaType); version=1.6",
                    .contentDisposition: Response.attachment("\(project.name).cdx.json"),
                ],
                body: call.bill(of: project, coverage, images, try call.service.documents.enter(key, id))
            )
        }
    }
}

extension Call {
    /// The bill, one image after the other: a project may hold more than memory does.
    fileprivate func bill(
        of project: Project,
        _ coverage: ImageCoverage,
        _ images: [ImageID],
        _ slot: AnswerSlots.Slot
    ) -> ResponseBody {
        let service = service
        return ResponseBody { writer in
            defer { withExtendedLifetime(slot) {} }
            let document = DocumentWriter()
            var bill = ProjectBill(
                project: project.name,
                statements: coverage.statements,
                toolVersion: Release.version,
                timestamp: Date(),
                identifier: UUID()
            )
            for id in images {
                let before = bill
                let (after, part) = try await service.documents.makePart {
                    var bill = before
                    // It may have been deleted while others were written.
                    guard let image = try await service.bill(of: id, in: project.id) else { return (bill, []) }
                    let bytes = bill.add(image)
                    return (bill, bytes)
                }
                bill = after
                try await document.write(part, to: &writer)
            }
            try await writer.write(ByteBuffer(bytes: bill.finish()))
            try await writer.finish(nil)
        }
    }
}

extension Call.Service {
    fileprivate func bill(of id: ImageID, in project: ProjectID) async throws -> BillOfMaterials? {
        let kept = try await database.read { session in
            try ImageStore(session).find(id, in: project).map { ($0, try ImageStore(session).inventory(of: id) ?? []) }
        }
        guard let (image, inventory) = kept else { return nil }
        let report = ImageReport(image, inventory: inventory, findings: [], toolVersion: Release.version)
        return report?.bill(UUID()) ?? BillOfMaterials(unreadable: image)
    }
}

extension BillOfMaterials {
    /// Of an image of which another version of the program wrote what is kept: it says that nothing is known.
    fileprivate init(unreadable image: StoredImage) {
        self.init(
            image: image.artifactName,
            digest: image.digest,
            platform: image.kept,
            layers: [],
            inventory: Inventory(),
            isComplete: false,
            completeness: [
                Statement(name: "inventory", value: "this version cannot read what is kept: scan the image again")
            ],
            toolVersion: Release.version,
            timestamp: image.matchedAt,
            identifier: UUID()
        )
    }
}

extension ImageCoverage {
    fileprivate var statements: [BillOfMaterials.Statement] {
        [
            BillOfMaterials.Statement(name: "images", value: "\(images)"),
            BillOfMaterials.Statement(name: "incomplete-images", value: "\(degraded)"),
        ]
    }
}

extension StoredImage {
    /// The platform as it was kept, as far as it can be told apart.
    fileprivate var kept: Platform {
        let parts = platform.split(separator: "/").map(String.init)
        return Platform(
            os: parts.first ?? "",
            architecture: parts.count > 1 ? parts[1] : "",
            variant: parts.count > 2 ? parts[2] : nil,
            osVersion: nil
        )
    }
}
