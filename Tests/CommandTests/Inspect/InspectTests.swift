import Foundation
import ImageFixtures
import Subprocess
import TestSupport
import Testing

/// `pratique inspect`, the built program: what it prints where, and how it ends.
@Suite struct InspectTests {
    let world: InspectWorld

    init() async throws { world = try await InspectWorld() }

    private func inspect(_ arguments: [String], _ more: [String: String] = [:]) async throws -> CommandRun {
        try await CommandRun(["inspect"] + arguments, variables: world.variables.merging(more) { $1 })
    }

    // (arguments, exit status, how standard error begins)
    @Test(arguments: [
        (["whole"], 0, ""),
        (["whole", "--fail-on", "critical"], 0, ""),
        (["whole", "--fail-on", "high"], 2, "error: 3 findings are as bad as high, or worse\n"),
        (["whole", "--fail-on", "high", "-o", "json"], 2, "error: 3 findings are as bad as high, or worse\n"),
        (["whole", "--fail-on", "low"], 2, "error: 61 findings are as bad as low, or worse\n"),
        // Nobody has said that an unknown severity is less than negligible.
        (["vague", "--fail-on", "low"], 0, ""),
        (["vague", "--fail-on", "negligible"], 2, "error: 1 finding"),
        (["vague", "--fail-on", "unknown"], 2, "error: 1 finding"),
        // A broken scan goes before the threshold, and is one without it.
        (["part"], 1, "error: oci:"),
        (["part", "--fail-on", "low", "-o", "sarif"], 1, "error: oci:"),
        // A file that cannot be read is no broken scan, but closes a gate.
        (["damaged"], 0, ""),
        (["damaged", "--fail-on", "critical"], 1, "error: --fail-on cannot be answered: app/lib.jar cannot be read"),
        (["damaged", "--fail-on", "high"], 2, "error: 3 findings"),
        (["whole", "--no-advisories"], 0, ""),
        (["whole", "--no-advisories", "--fail-on", "critical"], 1, "error: --fail-on needs advisories\nhint: "),
        (["nothing"], 1, "error: "),
        (["arm"], 0, ""),
        (["arm", "--platform", "linux/amd64"], 1, "error: oci:"),
        (["multi", "--platform", "all"], 0, ""),
        (["multi", "--platform", "all", "-o", "spdx"], 64, "error: "),
        (["multi", "--platform", "linux"], 64, "error: "),
        (["multi", "--platform", "windows/amd64"], 1, "error: "),
    ])
    func exitStatusSaysWhatTheReportIsWorth(arguments: [String], status: Int32, complaint: String) async throws {
        let run = try await inspect([world.reference(arguments[0])] + arguments.dropFirst())
        #expect(run.exitCode == status, "\(run.complaints)")
        #expect(complaint.isEmpty ? run.complaints.isEmpty : run.complaints.hasPrefix(complaint), "\(run.complaints)")
        // What was found is written whatever the status.
        let isReport = status != 64 && !["nothing"].contains(arguments[0]) && !run.complaints.contains("has no variant")
        #expect(run.output.isEmpty == !isReport)
    }

    @Test(arguments: ["json", "cyclonedx", "spdx", "sarif"])
    func jsonFormsAreJSONAndNothingElse(form: String) async throws {
        let run = try await inspect([world.reference("whole"), "-o", form])
        #expect(run.complaints.isEmpty)
        #expect(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) is [String: Any])
    }

    @Test func everyPlatformIsAListOfReports() async throws {
        for (tag, platforms) in [("multi", ["linux/amd64", "linux/arm64/v8"]), ("arm", ["linux/arm64/v8"])] {
            let run = try await inspect([world.reference(tag), "--platform", "all", "-o", "json"])
            let reports = try #require(
                try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
            )
            #expect(reports.compactMap { ($0["image"] as? [String: Any])?["platform"] as? String } == platforms)
        }
    }

    @Test func binaryPackagesOfOneSourceAreOneGroupAndDoNotFlood() async throws {
        let cut = try await inspect([world.reference("whole")]).output.split(separator: "\n")
        let rows = cut.filter { $0.contains("CVE-2026-") }
        #expect(rows.count == 13)
        #expect(rows.first?.contains("many (3 packages)") == true)
        #expect(rows.first?.contains("high 7.5") == true)
        #expect(cut.contains { $0.contains("8 more") && $0.contains("8 low; --every-finding shows them") })
        #expect(cut.contains { $0.contains("61 findings in 4 packages: 3 high, 58 low") })
        let all = try await inspect([world.reference("whole"), "--every-finding"]).output.split(separator: "\n")
        #expect(all.count { $0.contains("CVE-2026-") } == 21)
    }

    @Test func reportSaysWhatItDoesNotKnow() async throws {
        let whole = try await inspect([world.reference("whole")]).output
        #expect(whole.contains("unknown: no advisories for npm: its 1 packages are not clean but unknown"))
        #expect(whole.contains("Read 2 of 2 layers"))
        let part = try await inspect([world.reference("part")]).output
        #expect(part.contains("incomplete: layer 1, sha256:"))
        #expect(part.contains("Read 1 of 2 layers"))
    }

    @Test func missingDatabaseIsToldWithTheWayToGetOne() async throws {
        let named = try await inspect([world.reference("whole"), "--advisories", world.folder.path + "/none"])
        #expect(named.exitCode == 1)
        #expect(named.output.isEmpty)
        #expect(named.complaints.contains("hint: Make it with: pratique advisory import"))
        let usual = try await inspect([world.reference("whole")], ["PRATIQUE_ADVISORIES": ""])
        #expect(usual.exitCode == 0)
        #expect(usual.output.contains("No advisories: nothing is known of any flaw"))
        let address = "https://osv-vulnerabilities.storage.googleapis.com/Debian/all.zip"
        #expect(
            usual.output.contains("hint: get advisories for what is in the image: pratique advisory import \(address)")
        )
    }

    @Test func outputFileAppearsWholeOrNotAtAll() async throws {
        let path = world.folder.path + "/report.json"
        try Data("before".utf8).write(to: URL(fileURLWithPath: path))
        let failed = try await inspect([world.reference("nothing"), "-o", "json", "--output-file", path])
        #expect(failed.exitCode == 1)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
        let gated = try await inspect([
            world.reference("whole"), "-o", "json", "--output-file", path, "--fail-on", "high",
        ])
        #expect(gated.exitCode == 2)
        #expect(gated.output.isEmpty)
        #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) is [String: Any])
        let nowhere = try await inspect([world.reference("whole"), "--output-file", world.folder.path + "/no/report"])
        #expect(nowhere.exitCode == 1)
        #expect(nowhere.complaints.hasPrefix("error: cannot write "))
        let left = try FileManager.default.contentsOfDirectory(atPath: world.folder.path)
        #expect(Set(left) == ["layout", "osv", "advisories.sqlite", "advisories.sqlite.lock", "report.json"])
    }

    @Test func packagesAreListed() async throws {
        let run = try await inspect([world.reference("whole"), "--list-packages"])
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["deb", "tiny", "2.0", "0", "var/lib/dpkg/status"]))
        #expect(lines.contains(["npm", "left", "1.0.0", "1", "app/node_modules/left/package.json"]))
    }

    /// `script` runs a program on a terminal.
    @Test(.enabled(if: Tool.isInstalled("script"), "script is not installed"))
    func progressIsDrawnOnTerminalsOnly() async throws {
        let plain = try await inspect([world.reference("whole")])
        #expect(!(plain.output + plain.complaints).contains("\u{1B}"))
        let program = try CommandRun.programFolder() + "/pratique"
        let terminal = try await run(
            .name("script"),
            arguments: ["-qec", "\(program) inspect \(world.reference("whole"))", "/dev/null"],
            environment: .inherit.updating(["PRATIQUE_ADVISORIES": world.advisories, "TERM": "xterm", "NO_COLOR": ""]),
            output: .string(limit: 1 << 20),
            error: .discarded
        )
        #expect(terminal.standardOutput.contains("\u{1B}[K"))
        #expect(terminal.standardOutput.contains("\u{1B}[31mhigh 7.5\u{1B}[0m"))
    }

    // (arguments, what standard error has)
    @Test(arguments: [
        (["oci:"], "error: the image location names no path\nhint: Write oci:DIRECTORY[:TAG]"),
        (["oci:/nowhere"], "error: /nowhere/index.json cannot be read: No such file or directory"),
        (["docker-archive:/nowhere"], "error: /nowhere cannot be read: No such file or directory"),
        (["127.0.0.1:1/team/app:1", "--anonymous"], "error: 127.0.0.1:1 refused the connection"),
        // A word with capitals would be a host by the grammar, and is no name that anybody means.
        (
            ["UPPER/case"],
            "error: the image must have its repository in lower case\nhint: Write upper/case; a registry of one word is "
        ),
        (
            ["127.0.0.1:1/Team/app"],
            "error: the image must have its repository in lower case\nhint: Write host/path:tag, as docker pull does"
        ),
        (["x", "--password-stdin"], "a password needs --username"),
        (["x", "--username", "a", "--anonymous"], "exclude each other"),
        (["x", "--advisories", "y", "--no-advisories"], "exclude each other"),
    ])
    func complaintsSayWhatIsWrong(arguments: [String], words: String) async throws {
        let run = try await inspect(arguments)
        #expect([1, 64].contains(run.exitCode))
        #expect(run.output.isEmpty)
        #expect(run.complaints.contains(words), "\(run.complaints)")
    }
}
