import Foundation

/// The limits of scanning for others, each with its reason.
enum ScanWorkLimits {
    /// Between two looks for scans that no wake-up told of: those of other nodes, and those whose workers died.
    static let tick = Duration.seconds(5)
    /// Between two signs of life, after which a cancelled scan ends too.
    static let heartbeat = Duration.seconds(2)
    /// How long a worker that gives no sign keeps its scan, in seconds: some heartbeats may fail while the disk is busy.
    static let lease: TimeInterval = 60
    /// In seconds. A layer may take half an hour (``Layers/LayerLimits/duration``), and images have many.
    static let scan: TimeInterval = 4 * 3_600
    /// A pause of a registry that a scan waits for, in seconds. Registries count requests by the minute or the hour; who would have to
    /// wait for longer is better told.
    static let pause: TimeInterval = 3_600
    /// How long a scan waits for its twin before it looks itself, in seconds, should nobody tell it of the end: that is lost with the
    /// process of the twin.
    static let twin: TimeInterval = 300
    /// What is kept of layers. That of a fat layer takes a megabyte.
    static let layersInBytes: Int64 = 2 << 30
    /// What is kept of manifests, some kilobytes each.
    static let imagesInBytes: Int64 = 64 << 20
    /// References that are told of one flaw; kernel flaws have hundreds.
    static let references = 50
    /// Between two looks for schedules that are due: nobody counts the seconds of what happens every quarter of an hour.
    static let scheduleTick = Duration.seconds(15)
    /// Schedules that are looked at at once, so that a slow registry does not hold up the others; each costs a few requests.
    static let looksAtOnce = 4
    /// How long one look may take: a hundred small requests to a slow registry.
    static let look = Duration.seconds(120)
    /// How long a node that gives no sign keeps a schedule, in seconds: longer than a look may take, so that no sign is needed.
    static let lookLease: TimeInterval = 300
    /// Images that are looked up at once to be matched again.
    static let rematchPage = 50
}
