import Synchronization

/// What a stub was asked, and what a test wants it to answer other than by its rules.
public final class StubRecord: Sendable {
    private struct State {
        var requests: [StubRequest] = []
        var expected: [String]?
        var unexpected: [String] = []
        var overrides: [(request: String, answer: StubAnswer, times: Int)] = []
        var running = 0
        var mostAtOnce = 0
        var latency = Duration.zero
    }

    private let state = Mutex(State())

    /// An empty record.
    public init() {}

    /// Every request, in order.
    public var requests: [StubRequest] { state.withLock { $0.requests } }

    /// `GET /path?query` of every request, in order.
    public var targets: [String] { requests.map(\.description) }

    /// How often this path was asked for, whatever the method and query.
    public func count(path: String) -> Int { requests.count { $0.path == path } }

    /// How often a path that begins so was asked for.
    public func count(prefix: String) -> Int { requests.count { $0.path.hasPrefix(prefix) } }

    /// How often each path was asked for.
    public var counts: [String: Int] { Dictionary(requests.map { ($0.path, 1) }, uniquingKeysWith: +) }

    /// Every `Authorization` that came, in order.
    public var authorizations: [String] { requests.compactMap { $0["Authorization"] } }

    /// Every `Cookie` that came.
    public var cookies: [String] { requests.compactMap { $0["Cookie"] } }

    /// The most requests that ran at once.
    public var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

    /// Everything that came over the wire, as one text to look for secrets in.
    public var wire: String {
        requests.map { request in
            ([request.description] + request.headers.map { "\($0.name): \($0.value)" }).joined(separator: "\n")
                + "\n\n" + String(decoding: request.body, as: UTF8.self)
        }.joined(separator: "\n")
    }

    /// How long every answer takes from now on: the time of a registry that is far away, or busy.
    public func delayEveryAnswer(by latency: Duration) {
        state.withLock { $0.latency = latency }
    }

    /// Forgets the requests so far.
    public func reset() {
        state.withLock { state in
            state.requests = []
            state.mostAtOnce = 0
        }
    }

    /// From now on exactly these requests (`GET /path?query`) may come, in any order, each once; others get a 599 and are
    /// ``unexpected``.
    public func expect(_ requests: [String]) {
        state.withLock { $0.expected = requests }
    }

    /// Requests that came and were not expected.
    public var unexpected: [String] { state.withLock { $0.unexpected } }

    /// Requests that were expected and did not come.
    public var outstanding: [String] { state.withLock { $0.expected ?? [] } }

    /// Answers `request` (`GET /path`, with or without its query) so, `times` times, and by the stub's rules again after it.
    public func answer(_ request: String, with answer: StubAnswer, times: Int = .max) {
        state.withLock { $0.overrides.append((request, answer, times)) }
    }

    func answer(
        _ request: StubRequest,
        otherwise rules: @Sendable (StubRequest) async -> StubAnswer
    ) async -> StubAnswer {
        let given = state.withLock { state -> StubAnswer? in
            state.requests.append(request)
            state.running += 1
            state.mostAtOnce = max(state.mostAtOnce, state.running)
            if let expected = state.expected {
                guard let index = expected.firstIndex(of: request.description) else {
                    state.unexpected.append(request.description)
                    return StubAnswer(599)
                }
                state.expected?.remove(at: index)
            }
            let names = [request.description, "\(request.method) \(request.path)"]
            guard let index = state.overrides.firstIndex(where: { names.contains($0.request) && $0.times > 0 }) else {
                return nil
            }
            state.overrides[index].times -= 1
            return state.overrides[index].answer
        }
        let answer: StubAnswer
        if let given { answer = given } else { answer = await rules(request) }
        let latency = state.withLock { $0.latency }
        // A stub that stops meanwhile answers sooner.
        if latency > .zero { try? await Task.sleep(for: latency) }
        state.withLock { $0.running -= 1 }
        return answer
    }
}
