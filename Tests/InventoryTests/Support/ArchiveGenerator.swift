/// Makes archives in archives, of every kind that there is, and remembers what is in them.
struct ArchiveGenerator {
    private var numbers: SeededNumbers
    private var count = 0
    /// Whether something is wrong that a reader of a stream cannot see the end of.
    private(set) var isOpenlyDamaged = false
    /// Names of the packages that a reader must find, in no order.
    private(set) var names: Set<String> = []

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    /// An archive that lies in `depth` others; `isLost` when nobody can get at it.
    mutating func archive(depth: Int = 0, isLost: Bool = false) -> [UInt8] {
        var zip = ZipFixture(lead: chance(8) ? "#!/bin/sh\nexec java -jar $0\n" : "")
        let isLost = isLost || depth > 3
        for _ in 0..<Int.random(in: 0...6, using: &numbers) {
            switch Int.random(in: 0..<9, using: &numbers) {
            case 0, 1, 2: addClass(to: &zip)
            case 3: addText("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nName: PK\u{3}\u{4}\n", to: &zip)
            case 4: addProperties(to: &zip, isLost: isLost)
            case 5: addResource(to: &zip)
            default: if depth < 5 { addArchive(to: &zip, depth: depth, isLost: isLost) }
            }
        }
        return zip.bytes(comment: chance(4) ? "a comment" : "")
    }

    private mutating func addArchive(to zip: inout ZipFixture, depth: Int, isLost: Bool) {
        count += 1
        let name = "lib/in\(count).\(["jar", "war", "ear"][count % 3])"
        switch Int.random(in: 0..<16, using: &numbers) {
        case 0: zip.add(name, archive(depth: depth + 1, isLost: true), isEncrypted: true, hasDescriptor: chance(2))
        case 1: zip.add(name, archive(depth: depth + 1, isLost: true), method: 93, hasDescriptor: chance(2))
        case 2: damaged(name, in: &zip, depth: depth)
        case 3: zip.add(name, noise(), isDeflated: chance(2), hasDescriptor: chance(2))
        default:
            let bytes = archive(depth: depth + 1, isLost: isLost)
            let hasDescriptor = chance(2)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0: zip.add(name, bytes, hasDescriptor: hasDescriptor)
            case 1: zip.add(name, bytes, isDeflated: true, hasDescriptor: hasDescriptor)
            default: zip.add(name, bytes, data: Deflated.coded(bytes), method: 8, hasDescriptor: hasDescriptor)
            }
        }
    }

    /// Its data is cut off, has something behind its end, or is shorter or longer than it says.
    private mutating func damaged(_ name: String, in zip: inout ZipFixture, depth: Int) {
        let hasDescriptor = chance(2)
        let size = Int.random(in: 0..<3, using: &numbers)
        let bytes = archive(depth: depth + 1, isLost: true)
        var data = Deflated.coded(bytes)
        if size == 0 { data = Array(data.prefix(data.count / 2)) }
        if hasDescriptor { isOpenlyDamaged = true }
        zip.add(
            name,
            bytes,
            size: bytes.count + (size == 1 ? 1 : 0) - (size == 2 && !bytes.isEmpty ? 1 : 0),
            data: data,
            method: 8,
            hasDescriptor: hasDescriptor
        )
    }

    private mutating func addProperties(to zip: inout ZipFixture, isLost: Bool) {
        count += 1
        let name = "package\(count)"
        if !isLost { names.insert(name) }
        addText(
            "META-INF/maven/org.example/\(name)/pom.properties",
            "version=1.\(count)\ngroupId=org.example\nartifactId=\(name)\n",
            to: &zip
        )
    }

    private mutating func addText(_ name: String, _ text: String, to zip: inout ZipFixture) {
        let bytes = Array(text.utf8)
        if chance(2) {
            zip.add(name, bytes, data: Deflated.coded(bytes), method: 8, hasDescriptor: chance(2))
        } else {
            zip.add(name, bytes, hasDescriptor: chance(2))
        }
    }

    private mutating func addClass(to zip: inout ZipFixture) {
        count += 1
        zip.add("org/example/C\(count).class", noise(), isDeflated: chance(2), hasDescriptor: chance(2))
    }

    /// An archive that is no archive of Java's, with one in it.
    private mutating func addResource(to zip: inout ZipFixture) {
        count += 1
        var inner = ZipFixture()
        var jar = ZipFixture()
        jar.add("x/pom.properties", "groupId=a\nartifactId=b\nversion=1\n")
        inner.add("hidden.jar", jar.bytes(), isDeflated: chance(2), hasDescriptor: chance(2))
        zip.add("data\(count).zip", inner.bytes(), isDeflated: chance(2), hasDescriptor: chance(2))
    }

    private mutating func noise() -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...12_000, using: &numbers) / 8 {
            withUnsafeBytes(of: numbers.next()) { bytes += $0 }
        }
        return bytes
    }

    private mutating func chance(_ outOf: Int) -> Bool { Int.random(in: 0..<outOf, using: &numbers) == 0 }
}
