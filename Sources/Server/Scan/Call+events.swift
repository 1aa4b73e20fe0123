import HTTPTypes
import Hummingbird
import NIOCore
import Scanning
import ServiceLifecycle
import Storage
import Tenancy

extension Call {
    /// The answer that goes on until the scan in the path ends.
    func scanEvents() async throws -> Response {
        let project = try projectID()
        let (scan, key) = try await read(.project(project, .read)) { session, grant in
            (try self.scan(in: project, session), grant.principal.key)
        }
        let slot = try service.eventSlots.take(key, project)
        let channel = context.channel
        let stream = ScanEventStream(
            look: { try await lookAgain(scan) },
            current: { service.scans.current($0) },
            isHere: { service.scans.isRunning($0.id) },
            isWanted: { channel.isActive && !Task.isShuttingDownGracefully },
            clock: .system
        )
        return Response(
            status: .ok,
            // A proxy that gathers an answer before it passes it on would make this one useless.
            headers: [.contentType: "text/event-stream; charset=utf-8", .xAccelBuffering: "no"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(slot) {} }
                try await stream.run(from: scan) { try await writer.write(ByteBuffer(string: $0)) }
                try await writer.finish(nil)
            }
        )
    }

    /// The scan as it is now, for one who may see it now; nil otherwise.
    private func lookAgain(_ scan: Scan) async throws -> Scan? {
        let project = scan.request.project
        do {
            return try await read(.project(project, .read)) { session, _ in
                try ScanStore(session).find(scan.id, in: project)
            }
        } catch is APIError {
            return nil  // The key was revoked or narrowed meanwhile. Its owner hears of it when it asks again.
        }
    }
}
