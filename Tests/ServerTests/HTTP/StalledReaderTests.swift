import NIOCore
import NIOEmbedded
import Testing

@testable import Server

/// When a client that does not read is cut off.
@Suite struct StalledReaderTests {
    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(StalledReaderHandler(deadline: .seconds(60)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func setWritable(_ isWritable: Bool, _ channel: EmbeddedChannel) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    @Test func clientThatTakesNothingIsCutOff() throws {
        let channel = try channel()
        channel.write(ByteBuffer(string: "waits"), promise: nil)
        setWritable(false, channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func clientThatTakesALittleIsNot() throws {
        let channel = try channel()
        channel.write(ByteBuffer(string: "waits"), promise: nil)
        setWritable(false, channel)
        channel.flush()
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(channel.isActive)
        // And now it takes no more.
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(!channel.isActive)
    }

    @Test func clientThatCatchesUpIsNot() throws {
        let channel = try channel()
        for _ in 0..<3 {
            setWritable(false, channel)
            channel.embeddedEventLoop.advanceTime(by: .seconds(59))
            setWritable(true, channel)
        }
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
