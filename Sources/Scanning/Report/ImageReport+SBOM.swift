public import Foundation
import Inventory
import OCI

extension ImageReport {
    /// CycloneDX 1.6, JSON. `identifier` becomes its serial number.
    public func cycloneDX(identifier: UUID = UUID()) -> [UInt8] { bill(identifier).cycloneDX() }

    /// SPDX 2.3, JSON. `identifier` ends its namespace.
    public func spdx(identifier: UUID = UUID()) -> [UInt8] { bill(identifier).spdx() }

    private func bill(_ identifier: UUID) -> BillOfMaterials {
        BillOfMaterials(
            image: scanned.image.name,
            digest: scanned.image.digest,
            platform: scanned.image.platform,
            layers: scanned.image.layers.map { BillOfMaterials.Layer(digest: $0.digest, createdBy: $0.createdBy) },
            inventory: scanned.inventory,
            isComplete: scanned.isComplete,
            completeness: completeness.statements.map { BillOfMaterials.Statement(name: $0.name, value: $0.value) },
            toolVersion: toolVersion,
            timestamp: createdAt,
            identifier: identifier
        )
    }
}
