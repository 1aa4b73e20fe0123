import Layers
import OCI

extension ResolvedImage {
    private static let mark = "pratique resolved 1\n"

    /// The compact form of an image of a registry.
    public var stored: [UInt8] {
        var writer = StoredWriter()
        store(in: &writer)
        return StoredSeal.seal(writer.bytes, mark: ResolvedImage.mark)
    }

    /// The image that ``stored`` was made of, under the name it is asked for by now; nil when the bytes are something else.
    public init?(stored bytes: [UInt8], name: String) {
        guard let payload = StoredSeal.open(bytes, mark: ResolvedImage.mark) else { return nil }
        var reader = StoredReader(payload)
        do throws(StoredReader.Damage) {
            try self.init(stored: &reader)
            try reader.finish()
        } catch {
            return nil
        }
        self.name = name
    }

    func store(in writer: inout StoredWriter) {
        writer.write(name)
        writer.write(digest.description)
        writer.write(indexDigest?.description)
        writer.write(platform.os)
        writer.write(platform.architecture)
        writer.write(platform.variant)
        writer.write(platform.osVersion)
        writer.write(configurationDigest.description)
        writer.write(created)
        writer.write(layers) { writer, layer in
            writer.write(layer.digest.description)
            writer.write(UInt64(max(0, layer.sizeInBytes)))
            writer.write(layer.mediaType.rawValue)
            writer.write(layer.createdBy)
        }
    }

    init(stored reader: inout StoredReader) throws(StoredReader.Damage) {
        name = try reader.text()
        digest = try Digest(stored: reader.text())
        indexDigest = try reader.optionalText().map { text throws(StoredReader.Damage) in try Digest(stored: text) }
        platform = Platform(
            os: try reader.text(),
            architecture: try reader.text(),
            variant: try reader.optionalText(),
            osVersion: try reader.optionalText()
        )
        configurationDigest = try Digest(stored: reader.text())
        created = try reader.optionalText()
        layers = try reader.elements { reader throws(StoredReader.Damage) in
            let digest = try Digest(stored: reader.text())
            let size = Int64(try reader.number())
            return Layer(
                digest: digest,
                sizeInBytes: size,
                mediaType: MediaType(rawValue: try reader.text()),
                expectation: LayerExpectation(digest: digest, sizeInBytes: size),
                createdBy: try reader.optionalText()
            )
        }
    }
}

extension Digest {
    fileprivate init(stored text: String) throws(StoredReader.Damage) {
        do {
            try self.init(text)
        } catch {
            throw StoredReader.Damage()
        }
    }
}
