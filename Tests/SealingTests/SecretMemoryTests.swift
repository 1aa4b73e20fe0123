import Foundation
import Glibc
import Sealing
import Testing

/// The bytes of a secret are gone when it is. The tests look through the process's own memory by `/proc/self/mem`, which
/// reads freed memory without undefined behaviour; where the kernel gives none, they are not run.
@Suite(.serialized, .enabled(if: access("/proc/self/mem", R_OK) == 0, "the kernel gives no /proc/self/mem"))
struct SecretMemoryTests {
    @Test func scannerFindsASecretThatIsStillHeld() throws {
        let needle = Needle()
        let secret = needle.makeSecret()
        #expect(try needle.copiesInMemory() >= 1)
        withExtendedLifetime(secret) {}
    }

    @Test func secretIsZeroedWhenItsLastCopyGoes() throws {
        let needle = Needle()
        do {
            let secret = needle.makeSecret()
            let copy = secret
            #expect(copy == secret)
        }
        #expect(try needle.copiesInMemory() == 0)
    }

    @Test func sealingAndOpeningLeaveNoPlaintextBehind() throws {
        let needle = Needle()
        let keyring = try Keyring([.random()])
        let place = try SealingContext.place()
        do {
            let sealed = try keyring.seal(SecretBundle([("password", needle.makeSecret())]), for: place)
            let opened = try keyring.open(sealed, for: place)
            #expect(opened["password"]?.count == Needle.size)
        }
        #expect(try needle.copiesInMemory() == 0)
    }
}

/// Random bytes whose one known copy the scanner passes over.
private final class Needle {
    static let size = 512
    /// What is looked for: not the beginning, where the allocator writes its own lists once the memory is free.
    private static let core = 128..<256
    private let bytes: UnsafeMutableRawBufferPointer

    init() {
        bytes = .allocate(byteCount: Needle.size, alignment: 1)
        for index in bytes.indices { bytes[index] = .random(in: .min ... .max) }
    }

    deinit { bytes.deallocate() }

    func makeSecret() -> Secret {
        Secret(count: Needle.size) { $0.copyMemory(from: UnsafeRawBufferPointer(bytes)) }
    }

    /// How often the core of the needle stands in writable memory, besides in itself and in the scanner's buffer.
    func copiesInMemory() throws -> Int {
        let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        try #require(memory >= 0)
        defer { close(memory) }
        let window = 1 << 20
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: window + Needle.size, alignment: 16)
        defer { buffer.deallocate() }
        guard let base = buffer.baseAddress, let own = bytes.baseAddress else { return 0 }
        let ownRange = UInt(bitPattern: own)..<UInt(bitPattern: own) + UInt(Needle.size)
        let bufferRange = UInt(bitPattern: base)..<UInt(bitPattern: base) + UInt(buffer.count)

        var found = 0
        for region in try writableRegions() {
            var address = region.lowerBound
            while address < region.upperBound {
                let wanted = min(buffer.count, Int(region.upperBound - address))
                let got = pread(memory, base, wanted, off_t(truncatingIfNeeded: address))
                guard got > 0 else { break }
                for offset in offsets(in: UnsafeRawBufferPointer(start: base, count: got)) where offset < window {
                    let hit = address + UInt(offset)
                    if !ownRange.contains(hit), !bufferRange.contains(hit) { found += 1 }
                }
                address += UInt(min(got, window))
            }
        }
        explicit_bzero(base, buffer.count)
        return found
    }

    private func offsets(in haystack: UnsafeRawBufferPointer) -> [Int] {
        let length = Needle.core.count
        guard let base = haystack.baseAddress, let needle = bytes.baseAddress?.advanced(by: Needle.core.lowerBound),
            haystack.count >= length
        else {
            return []
        }
        var found: [Int] = []
        var offset = 0
        while offset <= haystack.count - length,
            let hit = memchr(base + offset, Int32(bytes[Needle.core.lowerBound]), haystack.count - length + 1 - offset)
        {
            let position = UnsafeRawPointer(hit) - base
            if memcmp(hit, needle, length) == 0 { found.append(position) }
            offset = position + 1
        }
        return found
    }

    private func writableRegions() throws -> [Range<UInt>] {
        try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 2, words[1].hasPrefix("rw") else { return nil }
            let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            return bounds.count == 2 ? bounds[0]..<bounds[1] : nil
        }
    }
}
