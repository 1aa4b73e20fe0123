/// What is known of one flaw beside what the records that match say, as a snapshot stores it.
struct PackedAdvisory: Sendable {
    /// Every id of the flaw but its own.
    var aliases: [String] = []
    /// The best rating of the records that are about this flaw alone.
    var rating: SeverityRating?
    var knownExploited: Advisory.KnownExploited?
    var epss: Advisory.EPSS?

    init(aliases: [String] = [], rating: SeverityRating? = nil) {
        self.aliases = aliases
        self.rating = rating
    }

    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.append(aliases)
        writer.append(rating?.source ?? "")
        writer.append(rating)
        writer.append(byte: knownExploited == nil ? 0 : 1)
        if let knownExploited {
            writer.append(knownExploited.added)
            writer.append(knownExploited.due)
            writer.append(byte: knownExploited.isUsedByRansomware ? 1 : 0)
            writer.append(knownExploited.name)
        }
        writer.append(byte: epss == nil ? 0 : epss?.percentile == nil ? 1 : 2)
        if let epss {
            writer.append(Int(bitPattern: UInt(epss.score.bitPattern)))
            if let percentile = epss.percentile { writer.append(Int(bitPattern: UInt(percentile.bitPattern))) }
        }
        return writer.bytes
    }

    init(packed: [UInt8]) throws(AdvisoryError) {
        var reader = PackedReader(packed)
        aliases = try reader.strings()
        let source = try reader.string()
        rating = try reader.rating(source: source)
        if try reader.byte() == 1 {
            knownExploited = Advisory.KnownExploited(
                added: try reader.string(),
                due: try reader.string(),
                isUsedByRansomware: try reader.byte() == 1,
                name: try reader.string()
            )
        }
        let parts = try reader.byte()
        guard parts > 0 else { return }
        let score = Double(bitPattern: UInt64(UInt(bitPattern: try reader.number())))
        let percentile = parts == 2 ? Double(bitPattern: UInt64(UInt(bitPattern: try reader.number()))) : nil
        epss = Advisory.EPSS(score: score, percentile: percentile)
    }
}
