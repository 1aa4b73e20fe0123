import Foundation
import Layers
import Testing

@testable import Inventory

/// Texts of stanzas are the same in one piece and in many.
@Suite struct StanzaReaderTests {
    private static func read(_ text: String, inPiecesOf count: Int, _ parser: some StanzaParser) throws -> (
        FileReading?, held: Int
    ) {
        var reader = StanzaReader(parser, limit: 64 << 20)
        var held = 0
        Array(text.utf8).withUnsafeBytes { whole in
            for start in stride(from: 0, to: whole.count, by: count) {
                reader.read(UnsafeRawBufferPointer(rebasing: whole[start..<min(start + count, whole.count)]))
                held = max(held, reader.heldInBytes)
            }
        }
        return (try reader.finish() as? FileReading, held)
    }

    private static func status(_ packages: Int, lineEnd: String = "\n") -> String {
        (0..<packages).map { number in
            [
                "Package: package-\(number)", "Status: install ok installed", "Version: 1.\(number)",
                "Description: x", " " + String(repeating: "words ", count: number % 90), " .",
            ].joined(separator: lineEnd) + lineEnd + lineEnd
        }.joined()
    }

    @Test(arguments: ["\n", "\r\n"], [1, 997, 65_536]) func statusIsTheSameInPieces(lineEnd: String, piece: Int) throws
    {
        let text = StanzaReaderTests.status(3_000, lineEnd: lineEnd)
        #expect(text.utf8.count > 900_000)
        let (reading, held) = try StanzaReaderTests.read(text, inPiecesOf: piece, DpkgStatus(statusIsRequired: true))
        #expect(reading?.packages.map(\.name) == (0..<3_000).map { "package-\($0)" })
        #expect(reading?.problems.isEmpty == true)
        #expect(held < 400_000)
    }

    @Test func installedIsTheSameInPieces() throws {
        let text = (0..<3_000).map { number in
            "P:package-\(number)\nV:1\nF:usr/lib\nR:file\(number)\n"
                + String(repeating: "a:0:0:755\n", count: number % 70) + "\n"
        }.joined()
        let (reading, held) = try StanzaReaderTests.read(text, inPiecesOf: 4_096, ApkInstalled())
        #expect(reading?.packages.map(\.name) == (0..<3_000).map { "package-\($0)" })
        #expect(reading?.ownership.map(\.paths) == (0..<3_000).map { [PathHash("usr/lib/file\($0)")] })
        #expect(held < 400_000)
    }

    @Test func textWithoutStanzasIsNotHeld() {
        let text = String(repeating: "no empty line\n", count: 2_000_000)
        #expect(throws: UnreadableFile("more than 16777216 bytes without an empty line")) {
            try StanzaReaderTests.read(text, inPiecesOf: 65_536, ApkInstalled())
        }
    }

    @Test func cutTextSaysSo() throws {
        let text = String(StanzaReaderTests.status(4_000).dropLast(20))
        let (reading, _) = try StanzaReaderTests.read(text, inPiecesOf: 65_536, DpkgStatus(statusIsRequired: true))
        #expect(reading?.problems == ["the file ends in the middle of a line"])
    }
}
