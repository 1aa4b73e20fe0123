import Advisories
import CProcess
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOSSL
public import Registries
import Scanning
import Sealing
import ServiceLifecycle
import Storage
import Tenancy
import UnixSignals

/// The whole service, constructed by hand: everything that exists is made here and passed on.
public struct PratiqueServer: Sendable {
    private let group: ServiceGroup
    private let database: any Database
    private let outbound: OutboundClient
    private let uses: UseRecorder<APIKeyID>
    private let credentialUses: UseRecorder<CredentialID>
    private let lock: DataDirectoryLock
    private let logger: Logger

    /// Prepares everything up to listening: the data directory, the keyring, the database, the first administrator. Throws
    /// ``StartError``, ``SettingsError``, `SealingError` or `StorageError`, each with a message for people. `onListening` is
    /// called with the port once connections are accepted. Without `stopsOnSignals` only ``stop()`` ends it;
    /// `requestDeadline` is how long a request may take to arrive, `readerDeadline` how long its client may take nothing of the answer.
    /// `registries` gives the client of each kind in place of the
    /// real ones, and `clock` is what time is to the verifier.
    public init(
        _ settings: ServerSettings,
        logger: Logger,
        stopsOnSignals: Bool = true,
        requestDeadline: Duration = RequestLimits.requestDeadline,
        readerDeadline: Duration = RequestLimits.readerDeadline,
        registries: (@Sendable (RegistryKind) -> any Registry)? = nil,
        clock: VerifierClock = .system,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        umask(0o077)  // Whatever is made from here on, the database's own files too, is its owner's alone.
        if pratique_forbid_memory_dumps() != 0 { logger.warning("this process's memory could not be closed to dumps") }
        let directory = try DataDirectory(preparing: settings.dataDirectory)
        let lock = try DataDirectoryLock(path: directory.lockFile)
        let isFirstStart = !directory.hasDatabase
        let delivery = isFirstStart ? try KeyDelivery(settings) : nil
        let tls = try settings.tls.map { try TLSConfiguration.server($0) }

        let loader = KeyringLoader(settings: settings, directory: directory)
        let loaded = Result { try loader.load() }
        if case .failure(let error) = loaded, isFirstStart { throw error }
        let database = try SQLiteDatabase(path: directory.database)
        let outbound = OutboundClient(policy: OutboundPolicy(settings), version: Release.version, logger: logger)
        let advisories = AdvisoryLibrary(path: directory.advisories, logger: logger)
        let updater = AdvisoryUpdater(settings.advisories, library: advisories, logger: logger) {
            [path = directory.advisories] addresses, now in
            try await AdvisoryImport(into: path).run(addresses.map { $0.source(through: outbound) }, date: .init(now))
        }
        do {
            try await Migrator(database).migrate()
            if case .failure(let error) = loaded {
                throw try await KeyringLoader.needForKeys(database).map { StartError("\(error); \($0)") } ?? error
            }
            let keyring = try loaded.get()
            let unreadable = try await loader.check(keyring, against: database)
            if unreadable > 0 {
                logger.warning("credentials are unreadable", metadata: ["count": .stringConvertible(unreadable)])
            }
            try await PratiqueServer.bootstrap(database, delivery: delivery, settings: settings, logger: logger)
            let resumed = try await database.write { session in
                try ScheduleQueue(session).endLeasesOfEarlierProcess()
                return try ScanQueue(session).endLeasesOfEarlierProcess(at: Date())
            }
            if resumed > 0 {
                logger.notice(
                    "scans of an earlier process are taken up again",
                    metadata: ["count": .stringConvertible(resumed)]
                )
            }

            let clients = RegistryClients(settings, outbound: outbound)
            let uses = UseRecorder<APIKeyID>(database: database, logger: logger) { session, id, time in
                try APIKeyStore(session).touch(id, at: time)
            }
            let credentialUses = UseRecorder<CredentialID>(database: database, logger: logger) { session, id, time in
                try CredentialStore(session).touch(id, at: time)
            }
            let stopping = StopFlag()
            let sealer = CredentialSealer(keyring: keyring)
            let access = ScanAccess(
                database: database,
                sealer: sealer,
                clients: clients,
                settings: settings,
                credentialUses: credentialUses
            )
            let scans = ScanWorker(
                database: database,
                registry: { try await access.client(for: $0) },
                advisories: advisories,
                toolVersion: Release.version,
                concurrency: settings.scanConcurrency,
                logger: logger
            )
            let directory = RegistryDirectory(registries ?? { clients.registry(for: $0) })
            let verifier = Verifier(
                database: database,
                sealer: sealer,
                registries: directory,
                settings: settings.verification,
                plainHTTPHosts: settings.plainHTTPHosts,
                clock: clock,
                logger: logger
            )
            let service = Call.Service(
                database: database,
                authenticator: Authenticator(
                    tokens: AccessTokens(keyring: keyring),
                    uses: uses,
                    throttle: FailureThrottle()
                ),
                sealer: sealer,
                requestMAC: RequestMAC(keyring: keyring),
                metrics: ServerMetrics(),
                plainHTTPHosts: settings.plainHTTPHosts,
                registries: directory,
                dockerHubSearch: clients.dockerHubSearch,
                verifier: verifier,
                credentialUses: credentialUses,
                scans: scans,
                advisories: updater
            )
            let state = ServiceState(
                unreadableCredentials: unreadable,
                commits: { database.commits },
                stopping: stopping
            )
            let edge = Edge(logger: logger, metrics: service.metrics, isTLS: tls != nil)
            let responder = PratiqueServer.routes(service, state: state).responder(behind: edge)
            let application = try PratiqueServer.application(
                responder,
                settings,
                tls,
                (requestDeadline, readerDeadline),
                logger,
                onListening
            )
            self.database = database
            self.outbound = outbound
            self.uses = uses
            self.credentialUses = credentialUses
            self.lock = lock
            self.logger = logger
            // A group stops its services from the last to the first: /readyz says so before the listener closes.
            group = PratiqueServer.group(
                [
                    uses, credentialUses,
                    Housekeeping(
                        database: database,
                        scans: settings.scanRetention,
                        overview: settings.overviewRetention,
                        logger: logger
                    ), verifier,
                    scans, updater, application, stopping,
                ],
                stopsOnSignals: stopsOnSignals,
                logger: logger
            )
        } catch {
            await outbound.shutdown()
            await database.close()
            throw error
        }
    }

    /// Serves until SIGTERM, SIGINT or ``stop()``, then finishes what runs, within 30 seconds.
    public func run() async throws {
        do {
            try await group.run()
        } catch {
            await close()
            throw error
        }
        await close()
    }

    /// Begins the end of ``run()``, as a signal does.
    public func stop() async {
        await group.triggerGracefulShutdown()
    }

    private static func group(
        _ services: [any ServiceLifecycle.Service],
        stopsOnSignals: Bool,
        logger: Logger
    ) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: stopsOnSignals ? [.sigterm, .sigint] : [],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = RequestLimits.gracefulStop
        return ServiceGroup(configuration: configuration)
    }

    private func close() async {
        await uses.flush()
        await outbound.shutdown()
        await credentialUses.flush()
        await database.close()
        lock.release()
        logger.notice("stopped")
    }

    private static func bootstrap(
        _ database: any Database,
        delivery: KeyDelivery?,
        settings: ServerSettings,
        logger: Logger
    ) async throws {
        let bootstrap = Bootstrap(database: database)
        guard try await bootstrap.isNeeded() else { return }
        let delivery = try delivery ?? KeyDelivery(settings)
        let outcome = try await bootstrap.run(deliver: delivery.deliver, undo: delivery.undo)
        logger.notice(
            "first start: administrator, organization and project made",
            metadata: [
                "organizationId": .stringConvertible(outcome.organization),
                "projectId": .stringConvertible(outcome.project),
                "keyId": .stringConvertible(outcome.key.id),
            ]
        )
    }

    private static func application(
        _ responder: APIResponder,
        _ settings: ServerSettings,
        _ tls: TLSConfiguration?,
        _ deadlines: (request: Duration, reader: Duration),
        _ logger: Logger,
        _ onListening: @escaping @Sendable (Int) async -> Void
    ) throws -> some ApplicationProtocol {
        let http = HTTPServerBuilder.loopBound(
            HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    RequestDeadlineHandler(deadline: TimeAmount(deadlines.request)),
                    StalledReaderHandler(deadline: TimeAmount(deadlines.reader)),
                ],
                idleTimeout: RequestLimits.idleTimeout,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: RequestLimits.headersInBytes,
                    maxHeaderListSize: RequestLimits.headersInBytes,
                    maxHeaderFieldCount: RequestLimits.headerCount
                )
            )
        )
        return Application(
            responder: responder,
            server: try tls.map { try .tls(http, tlsConfiguration: $0) } ?? http,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                serverName: "pratique/\(Release.version)",
                availableConnectionsDelegate: MaximumAvailableConnections(RequestLimits.connections)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                logger.notice(
                    "listening",
                    metadata: [
                        "address": .string("\(tls == nil ? "http" : "https")://\(settings.host):\(port)"),
                        "version": .string(Release.version),
                    ]
                )
                await onListening(port)
            },
            logger: logger.quietened
        )
    }

    /// Every route, in the order in which the documents list them.
    static func routes(_ service: Call.Service, state: ServiceState) -> APIRoutes {
        var api = APIRoutes(service: service)
        for registry in RegistryDescription.all {
            CredentialRoutes(registry: registry).add(to: &api)
            VerificationRoutes(registry: registry).add(to: &api)
            BrowseRoutes(registry: registry).add(to: &api)
        }
        DockerHubSearchRoutes().add(to: &api)
        ScanRoutes().add(to: &api)
        ScheduleRoutes().add(to: &api)
        FindingRoutes().add(to: &api)
        DecisionRoutes().add(to: &api)
        VEXRoutes().add(to: &api)
        PackageRoutes().add(to: &api)
        ImageRoutes().add(to: &api)
        ImageDocumentRoutes().add(to: &api)
        ProjectBillRoutes().add(to: &api)
        HoldingRoutes().add(to: &api)
        OverviewRoutes().add(to: &api)
        AdvisoryRoutes().add(to: &api)
        CredentialOverviewRoutes().add(to: &api)
        CredentialHealthRoutes().add(to: &api)
        CredentialLinkRoutes().add(to: &api)
        OrganizationRoutes().add(to: &api)
        MemberRoutes().add(to: &api)
        ProjectRoutes().add(to: &api)
        ProjectMemberRoutes().add(to: &api)
        UserRoutes().add(to: &api)
        TokenRoutes().add(to: &api)
        let serviceRoutes = ServiceRoutes(state: state)
        serviceRoutes.add(to: &api)
        serviceRoutes.addDocuments(to: &api)
        return api
    }
}

extension Logger {
    /// The same logger without a library's chatter.
    fileprivate var quietened: Logger {
        var logger = self
        logger.logLevel = max(logLevel, .warning)
        return logger
    }
}
