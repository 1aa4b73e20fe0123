import Foundation
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Tenancy

/// What Pratique knows of a request beside its head and body.
struct PratiqueContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    let channel: any Channel
    /// The id that the log and the answer carry; set by the edge.
    var requestID = ""
    /// The texts of the path's parameters; set by the router.
    var parameters = PathParameters()
    /// What the log line of this request tells beside its head; filled on the way.
    let trace = RequestTrace()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The peer's IP address, without the port.
    var address: String { channel.remoteAddress?.ipAddress ?? "unknown" }
}

/// Which key, organization and credential a request was about, for its line in the log.
final class RequestTrace: Sendable {
    struct Fields: Sendable {
        var key: APIKeyID?
        var organization: OrganizationID?
        var project: ProjectID?
        var credential: String?
    }

    private let fields = Mutex(Fields())

    func note(_ change: @Sendable (inout Fields) -> Void) {
        fields.withLock { change(&$0) }
    }

    var values: Fields { fields.withLock { $0 } }
}
