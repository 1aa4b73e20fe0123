import Storage
import Tenancy

extension ImageCoverage {
    /// What stands beside every list of findings and packages. Source: product.md, promise 4.
    var body: JSON {
        [
            "images": .integer(images), "incompleteImages": .integer(degraded),
            // Of no image at all nothing is known, which is not clean.
            "isComplete": .bool(images > 0 && degraded == 0), "oldestMatchAt": .time(oldestMatchAt),
            "incomplete": .array(
                degradedImages.map {
                    [
                        "imageId": .id($0.id), "artifactName": .string($0.artifactName),
                        "completeness": JSON.embedding($0.completeness),
                    ]
                }
            ),
        ]
    }

    static let schema = Schema.object([
        ("images", Schema.integer("Images with a result that the list is made of")),
        ("incompleteImages", Schema.integer("Of these, those that were not read whole")),
        ("isComplete", Schema.boolean("Whether there is a result, and every one is of the whole image")),
        ("oldestMatchAt", Schema.time("The oldest look at the advisories among them", nullable: true)),
        (
            "incomplete",
            Schema.array(
                Schema.object([
                    ("imageId", Schema.uuid("Image")), ("artifactName", Schema.string("Repository and tag")),
                    ("completeness", Schema.completeness),
                ]),
                "The last scanned of those that were not read whole",
                maximum: limit
            )
        ),
    ])
}
