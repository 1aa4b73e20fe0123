import Layers

extension FileReading {
    var stored: [UInt8] {
        var writer = StoredWriter()
        writer.write(packages) { writer, package in package.store(in: &writer) }
        writer.write(ownership) { writer, files in
            writer.write(files.owner)
            writer.write(files.paths) { writer, path in writer.write(fixed: path.value) }
        }
        writer.write(release != nil)
        release?.store(in: &writer)
        writer.write(problems) { writer, problem in writer.write(problem) }
        writer.write(standsInFor)
        return writer.bytes
    }

    init?(stored bytes: [UInt8]) {
        var reader = StoredReader(bytes)
        do throws(StoredReader.Damage) {
            packages = try reader.elements { reader throws(StoredReader.Damage) in try Package(stored: &reader) }
            ownership = try reader.elements { reader throws(StoredReader.Damage) in
                let owner = try reader.text()
                let paths = try reader.elements { reader throws(StoredReader.Damage) in
                    PathHash(value: try reader.fixed())
                }
                return OwnedFiles(owner: owner, paths: paths)
            }
            if try reader.flag() { release = try Release(stored: &reader) }
            for problem in try reader.elements({ reader throws(StoredReader.Damage) in try reader.text() }) {
                note(problem)
            }
            standsInFor = try reader.optionalText()
            try reader.finish()
        } catch {
            return nil
        }
    }
}
