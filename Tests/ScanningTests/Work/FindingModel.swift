import ImageFixtures

/// What must be known of one project after any sequence of scans, imports, decisions and deletions, in a few lines.
struct FindingModel: Equatable {
    /// A flaw of a package, whatever the advisories call it.
    struct Flaw: Hashable {
        let number: Int
        let package: String
    }

    /// What somebody decided, until when.
    struct Decision: Equatable {
        var status: String
        var expiry: Double?
    }

    /// What is told of a flaw.
    struct Told: Equatable {
        var tags: [String]
        var status: String
    }

    /// Versions of packages by tag, as the last scan of the tag read them.
    var images: [String: [String: Int]] = [:]
    /// Versions in which flaws are fixed.
    var fixes: [Flaw: Int] = [:]
    var decisions: [Flaw: Decision] = [:]

    /// Every flaw that is told, at a time.
    func told(at now: Double) -> [Flaw: Told] {
        var told: [Flaw: Told] = [:]
        for (flaw, fix) in fixes {
            let tags = images.filter { $0.value[flaw.package].map { $0 < fix } ?? false }.keys.sorted()
            guard !tags.isEmpty else { continue }
            let decision = decisions[flaw].flatMap { ($0.expiry ?? .infinity) > now ? $0.status : nil }
            told[flaw] = Told(tags: tags, status: decision ?? "to_verify")
        }
        return told
    }

    /// Forgets what ended: a decision that ended does not come back when time is told otherwise.
    mutating func expire(at now: Double) {
        decisions = decisions.filter { ($0.value.expiry ?? .infinity) > now }
    }
}
