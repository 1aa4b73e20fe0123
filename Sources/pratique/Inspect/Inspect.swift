import ArgumentParser
import Foundation
import Inventory
import OCI
import Scanning

/// `pratique inspect`.
struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Read an image on the spot: what is installed, and what is known to be wrong with it.",
        discussion: """
            Needs no server and stores nothing: layers stream past, and only what package managers wrote is kept. Logins come from \
            Docker's configuration and its credential helpers. Flaws come from the advisories that `pratique advisory import` \
            has read. Every report says how complete it is. Exit status: 0 done, 1 the image could not be read to its end, or the \
            question of --fail-on cannot be answered, 2 findings as bad as --fail-on.

            EXAMPLES
              What is wrong with an image:
                $ pratique inspect registry.example.com/shop/cart:1.4

              In a pipeline, on what was just built:
                $ pratique inspect oci:build/image:latest --fail-on high

              An SBOM, and nothing else:
                $ pratique inspect alpine:3.20 --no-advisories -o cyclonedx > sbom.json

              What docker save wrote, for code scanning:
                $ pratique inspect docker-archive:cart.tar -o sarif --output-file cart.sarif
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A reference, oci:DIRECTORY[:TAG] or docker-archive:FILE[:REFERENCE].",
            valueName: "image"
        )
    )
    var image: String

    @Option(
        help: ArgumentHelp(
            "os/architecture[/variant], or all for each one that the image has. Without it linux/amd64, where there is a choice.",
            valueName: "platform"
        )
    )
    var platform: String?

    @OptionGroup(title: "Registry options") var access: RegistryAccess
    @OptionGroup(title: "Advisory options") var advisories: AdvisoryChoice
    @OptionGroup(title: "Output options") var output: ReportOptions

    func validate() throws {
        if platform == "all", !output.format.takesSeveral {
            throw ValidationError("--platform all goes with the outputs table and json")
        }
        if let platform, platform != "all", Platform(text: platform) == nil {
            throw ValidationError("--platform must be os/architecture[/variant], such as linux/arm64, or all")
        }
    }

    func run() async throws {
        let variables = ProcessInfo.processInfo.environment
        let reports: [ImageReport]
        switch try ImageLocation(image) {
        case .layout(let directory, let tag):
            reports = try await inspect(LayoutImage(directory: directory, tag: tag), variables)
        case .archive(let file, let reference):
            reports = try await inspect(ArchiveImage(path: file, reference: reference), variables)
        case .registry(let reference):
            reports = try await access.withImage(reference, variables: variables) { try await inspect($0, variables) }
        }
        try output.write(reports, isList: platform == "all", wantsAdvisories: !advisories.noAdvisories)
        let failures = reports.compactMap { output.gate.failure(of: $0) }
        // A broken scan goes before a threshold: whoever reads the status must not take a part for the whole.
        if let failure = failures.first(where: { $0.exitCode == 1 }) ?? failures.first { throw failure }
    }

    private func inspect(_ source: some ImageSource, _ variables: [String: String]) async throws -> [ImageReport] {
        // Before the first byte is asked for: a missing database should not be noticed after a long pull.
        let matcher = try advisories.matcher(variables: variables)
        var reports: [ImageReport] = []
        for platform in try await platforms(of: source) {
            let progress = ScanProgress()
            let scanned = try await ProgressBar.showing(progress, variables: variables) {
                try await ImageScanner().scan(source, platform: platform, progress: progress)
            }
            reports.append(try matcher.report(on: scanned, at: Date(), toolVersion: Pratique.configuration.version))
        }
        return reports
    }

    /// Nil stands for what there is.
    private func platforms(of source: some ImageSource) async throws -> [Platform?] {
        guard platform == "all" else { return [platform.flatMap { Platform(text: $0) }] }
        let all = try await source.platforms()
        return all.isEmpty ? [nil] : all
    }
}

extension Platform {
    /// Parses `os/architecture[/variant]`; nil for anything else.
    init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
    }
}
