import NIOCore

/// Closes a connection whose client takes nothing of an answer that waits for it. Otherwise a client that asks and does not read would
/// hold the connection and the answer for as long as it likes.
///
/// An answer that is taken as it comes costs no timer.
final class StalledReaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let deadline: TimeAmount
    private var timer: Scheduled<Void>?

    init(deadline: TimeAmount) {
        self.deadline = deadline
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.channel.isWritable ? nil : watch(context.channel)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    /// What waits grows only while the channel is writable: less of it than before is what the client took.
    private func watch(_ channel: any Channel) -> Scheduled<Void> {
        let before = Self.waiting(channel)
        return channel.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
            if let before, let now = Self.waiting(channel), now < before {
                self.timer = self.watch(channel)
            } else {
                channel.close(promise: nil)
            }
        }
    }

    /// In bytes; nil where the channel does not tell.
    private static func waiting(_ channel: any Channel) -> Int? {
        // A channel that is closed has no options any more, and nothing waits in it.
        try? channel.syncOptions?.getOption(.bufferedWritableBytes)
    }
}
