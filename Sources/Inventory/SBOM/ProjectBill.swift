public import Foundation

/// A CycloneDX bill of materials of many images, written piece by piece: no more than one image is ever in memory.
///
/// Each image is a component whose packages are components inside of it. The pieces in the order in which they are given make one
/// document: those of ``add(_:)``, then that of ``finish()``. Source: CycloneDX specification 1.6.
public struct ProjectBill: Sendable {
    private var json = JSONWriter()
    private var aggregates: [String] = []

    /// A bill of `project`, which says `statements` of itself.
    public init(
        project: String,
        statements: [BillOfMaterials.Statement],
        toolVersion: String,
        timestamp: Date,
        identifier: UUID
    ) {
        json.open("{")
        json.member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
        json.member("bomFormat", "CycloneDX")
        json.member("specVersion", "1.6")
        json.member("serialNumber", "urn:uuid:\(identifier.uuidString.lowercased())")
        json.member("version", 1)
        json.object("metadata") { json in
            json.member("timestamp", BillOfMaterials.text(of: timestamp))
            json.tool(version: toolVersion)
            json.object("component") { json in
                json.member("type", "application")
                json.member("bom-ref", "project")
                json.member("name", project)
            }
            json.array("properties", isEmpty: statements.isEmpty) { json in
                for statement in statements {
                    json.element { json in
                        json.member("name", "pratique:completeness:\(statement.name)")
                        json.member("value", statement.value)
                    }
                }
            }
        }
        json.openArray("components")
    }

    /// One more image; returns the next piece.
    public mutating func add(_ bill: BillOfMaterials) -> [UInt8] {
        let reference = ProjectBill.reference(aggregates.count)
        aggregates.append(bill.saysAll ? "complete" : "incomplete")
        json.element { bill.writeComponent(reference, to: &$0) }
        return json.take()
    }

    /// The last piece.
    public mutating func finish() -> [UInt8] {
        json.close("]")
        let aggregates = aggregates
        json.array("dependencies") { json in
            json.element { json in
                json.member("ref", "project")
                json.array("dependsOn", isEmpty: aggregates.isEmpty) { json in
                    for number in aggregates.indices { json.element(ProjectBill.reference(number)) }
                }
            }
        }
        json.array("compositions", isEmpty: aggregates.isEmpty) { json in
            for (number, aggregate) in aggregates.enumerated() {
                json.element { json in
                    json.member("aggregate", aggregate)
                    json.array("assemblies") { $0.element(ProjectBill.reference(number)) }
                }
            }
        }
        json.close("}")
        _ = json.finish()
        return json.take()
    }

    private static func reference(_ number: Int) -> String { "image-\(number + 1)" }
}
