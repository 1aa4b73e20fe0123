import Inventory
import Testing

@Suite struct ExecutableTests {
    private static let modules = """
        path\texample.com/app/cmd
        mod\texample.com/app\t(devel)\t
        dep\tgithub.com/gin-gonic/gin\tv1.6.0\th1:x=
        dep\tgolang.org/x/text\tv0.3.0\th1:x=
        =>\tgithub.com/fork/text\tv0.3.9\th1:y=
        dep\texample.com/local\tv1.0.0
        =>\t./local\t
        build\t-compiler=gc

        """
    private static let lines = [
        "stdlib 1.22.1", "example.com/app ", "example.com/local ", "github.com/fork/text v0.3.9",
        "github.com/gin-gonic/gin v1.6.0",
    ]
    private static let crates = """
        {"packages":[{"name":"time","version":"0.1.43","source":"crates.io","dependencies":[1]},
        {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},
        {"name":"app","version":"0.1.0","source":"local","root":true}]}
        """

    private static func goExecutable(_ modules: String = modules) -> [UInt8] {
        var file = ELFFixture()
        file.body.zeros(100)
        file.addGoInfo(version: "go1.22.1 X:boringcrypto", modules: modules)
        return file.bytes
    }

    private static func earlierGoExecutable(version: String = "go1.15.6") -> [UInt8] {
        var file = ELFFixture(hasGoNote: true)
        file.body.text("go1. and more")
        file.addEarlierGoInfo(version: version, modules: modules)
        return file.bytes
    }

    private static func rustExecutable() -> [UInt8] {
        var file = ELFFixture()
        file.body.bytes += [0x78, 0x9C, 0x00, 0x78, 0x01]
        file.body.bytes += Deflated.zlib(Array("{\"other\": 1}".utf8))
        file.body.zeros(777)
        file.body.bytes += Deflated.zlib(Array(crates.utf8))
        return file.bytes
    }

    // The walk gives 64 KiB at a time, yet nothing may depend on where chunks end.
    @Test(arguments: [7, 16, 1000, 4096, 65536]) func goModulesAreReadWhereverChunksEnd(chunk: Int) {
        let found = inventory(of: "usr/bin/app", ExecutableTests.goExecutable(), mode: 0o755, chunkInBytes: chunk)
        #expect(found.lines == ExecutableTests.lines)
        #expect(found.packages.allSatisfy { $0.kind == .golang })
        #expect(found.unreadable.isEmpty)
    }

    @Test(arguments: [7, 16, 1000, 4096, 65536]) func earlierGoModulesAreReadWhereverChunksEnd(chunk: Int) {
        let bytes = ExecutableTests.earlierGoExecutable()
        let found = inventory(of: "usr/bin/app", bytes, mode: 0o755, chunkInBytes: chunk)
        #expect(found.lines == ["stdlib 1.15.6"] + ExecutableTests.lines.dropFirst())
        #expect(found.unreadable.isEmpty)
    }

    @Test(arguments: [7, 16, 1000, 4096, 65536]) func auditedCratesAreReadWhereverChunksEnd(chunk: Int) {
        let found = inventory(of: "usr/bin/app", ExecutableTests.rustExecutable(), mode: 0o755, chunkInBytes: chunk)
        #expect(found.lines == ["app 0.1.0", "time 0.1.43"])
        #expect(found.unreadable.isEmpty)
    }

    @Test func longModuleListIsReadWhole() {
        let modules = (0..<5000).map { "dep\texample.com/module\($0)\tv1.0.\($0)\th1:abcdefghijklmnopqrstuvwxyz=\n" }
            .joined()
        let found = inventory(of: "usr/bin/app", ExecutableTests.goExecutable(modules), mode: 0o755)
        #expect(found.packages.count == 5001)
    }

    // Builders link the version in; Go itself says `(devel)` of a main module.
    @Test(
        arguments: [
            (#"-ldflags="-s -X main.version=1.2.3 -X main.commit=abc""#, "v1.2.3"),
            (#"-ldflags="-X 'k8s.io/component-base/version.gitVersion=v1.31.9-dispatcher' -w""#, "v1.31.9-dispatcher"),
            (#"-ldflags="-X a.version=1.2.3 -X b.Version=1.2.4""#, ""),
            (#"-ldflags="-X a.version=dev""#, ""), ("-tags=x", ""),
        ]
    )
    func linkedVersionIsThatOfTheMainModule(flags: String, version: String) {
        var file = ELFFixture()
        file.addGoInfo(version: "go1.22.1", modules: "mod\texample.com/app\t(devel)\t\nbuild\t\(flags)\n")
        let found = inventory(of: "usr/bin/app", file.bytes, mode: 0o755)
        #expect(found.packages.last?.version == version)
    }

    // Go's own tools hold the magic as a constant; what follows it there is no build info.
    @Test func magicAsAConstantIsPassedOver() {
        var file = ELFFixture()
        for (size, flags) in [(8, 2), (0, 0), (0x5F, 0x5F)] as [(UInt8, UInt8)] {
            file.body.align(16)
            file.body.bytes += [0xFF]
            file.body.text(" Go buildinf:")
            file.body.bytes += [size, flags]
            file.body.text("bad magic number, and a text behind it that is none of ours")
        }
        file.addGoInfo(version: "go1.20", modules: "path\tcmd/go\n")
        #expect(inventory(of: "usr/bin/go", file.bytes, mode: 0o755).lines == ["stdlib 1.20"])
    }

    @Test func snapshotOfGoHasNoVersion() {
        var file = ELFFixture()
        file.addGoInfo(version: "devel go1.23-abcdef", modules: "")
        #expect(inventory(of: "usr/bin/go", file.bytes, mode: 0o755).lines == ["stdlib "])
    }

    @Test func earlierGoInfoWithoutItsTextsIsUnreadable() {
        var bytes = ExecutableTests.earlierGoExecutable()
        // The version's text is overwritten: its address leads nowhere.
        for index in 4096..<4200 { bytes[index] = 0 }
        let found = inventory(of: "usr/bin/app", bytes, mode: 0o755)
        #expect(found.unreadable.map(\.reason) == ["Go build info that cannot be followed"])
    }

    @Test func cutOffCrateListIsUnreadable() {
        let bytes = ExecutableTests.rustExecutable().dropLast(2048 + 60)
        let found = inventory(of: "usr/bin/app", Array(bytes), mode: 0o755)
        #expect(found.packages.isEmpty)
        #expect(found.unreadable.map(\.reason) == ["a list of crates by cargo-auditable that is cut off or too long"])
    }

    @Test func scriptsAndPlainProgramsHoldNothing() {
        let script = "#!/bin/sh\n" + String(repeating: "echo \"\u{FF} Go buildinf:\"\n", count: 1000)
        for bytes in [Array(script.utf8), ELFFixture().bytes, [0x7F, 0x45], Array(repeating: 0x7F, count: 9000)] {
            let found = inventory(of: "usr/bin/x", bytes, mode: 0o755)
            #expect(found.packages.isEmpty && found.unreadable.isEmpty)
        }
        #expect(inventory(of: "usr/bin/app", ExecutableTests.goExecutable(), mode: 0o644).packages.isEmpty)
    }

    @Test(arguments: [goExecutable(), earlierGoExecutable(), rustExecutable()])
    func damagedExecutableNeverStopsTheScan(bytes: [UInt8]) {
        let damage = Damage(path: "usr/bin/app", bytes: bytes, mode: 0o755)
        damage.cutAnywhere(steps: 500)
        damage.mutate()
    }

    // What looks like the beginning of something at every place must not be tried at every place without end.
    @Test func executableFullOfBeginningsEnds() {
        var file = ELFFixture(hasGoNote: true)
        for _ in 0..<51_000 { file.body.bytes += [0x78, 0x9C, 0x05] }
        file.body.align(16)
        for _ in 0..<20_000 {
            file.body.bytes += [0xFF]
            file.body.text(" Go buildinf:")
            file.body.bytes += [8, 2] + [UInt8](repeating: 0x67, count: 16)
        }
        let found = inventory(of: "usr/bin/x", file.bytes, mode: 0o755)
        #expect(found.packages.isEmpty)
        #expect(found.unreadable.count == 1)
    }
}
