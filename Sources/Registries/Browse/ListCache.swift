import Foundation
import Synchronization

/// Pages of lists of one sort of item. See ``BrowseCache``.
final class ListCache<Item: Sendable>: Sendable {
    private struct Place: Hashable {
        let list: ListKey
        /// The registry's page, counted from 1; 0 stands for the whole list.
        let number: Int
    }

    private struct Kept {
        var page: ListPage<Item>
        var until: Duration
        var usedAt: Int
    }

    private struct State {
        var kept: [Place: Kept] = [:]
        var numbers: [ListKey: Set<Int>] = [:]
        var items = 0
        var uses = 0
    }

    private let state = Mutex(State())
    private let flights = SingleFlight<Place, ListPage<Item>>()
    private let limits: BrowseLimits
    let time: OutboundTime

    init(limits: BrowseLimits, time: OutboundTime) {
        self.limits = limits
        self.time = time
    }

    /// The registry's page `number` of `list`: a kept one, one under way, or what `fetch` gives.
    func page(
        _ list: ListKey,
        _ number: Int,
        _ fetch: @escaping @Sendable () async throws -> ListPage<Item>
    ) async throws -> ListPage<Item> {
        let place = Place(list: list, number: number)
        if let kept = kept(place) { return kept }
        return try await flights.value(place) {
            if let kept = self.kept(place) { return kept }
            let page = try await fetch()
            self.keep(page, at: place)
            return page
        }
    }

    /// The whole of `list`; see ``page(_:_:_:)``. Its single pages are dropped, so that nothing is shown of two ages.
    func whole(
        _ list: ListKey,
        _ fetch: @escaping @Sendable () async throws -> ListPage<Item>
    ) async throws -> ListPage<Item> { try await page(list, 0, fetch) }

    /// A page that is kept and young enough.
    func kept(_ list: ListKey, _ number: Int) -> ListPage<Item>? { kept(Place(list: list, number: number)) }

    private func kept(_ place: Place) -> ListPage<Item>? {
        let now = time.now()
        return state.withLock { state in
            guard let kept = state.kept[place] else { return nil }
            guard kept.until > now else {
                remove(place, &state)
                return nil
            }
            state.uses += 1
            state.kept[place]?.usedAt = state.uses
            return kept.page
        }
    }

    private func keep(_ page: ListPage<Item>, at place: Place) {
        let now = time.now()
        state.withLock { state in
            for number in state.numbers[place.list] ?? [] {
                let other = Place(list: place.list, number: number)
                // The list has changed since the other page was fetched, or is now there as a whole.
                let hasChanged = page.total != nil && state.kept[other]?.page.total != page.total
                guard place.number == 0 || number == place.number || hasChanged else { continue }
                remove(other, &state)
            }
            state.uses += 1
            state.kept[place] = Kept(page: page, until: now + limits.lifetime, usedAt: state.uses)
            state.numbers[place.list, default: []].insert(place.number)
            state.items += ListCache.cost(page)
            while state.items > limits.items, let oldest = oldest(&state) { remove(oldest, &state) }
        }
    }

    /// In items. A page by itself counts too, so that a flood of empty lists is bounded.
    private static func cost(_ page: ListPage<Item>) -> Int { page.items.count + 20 }

    private func oldest(_ state: inout State) -> Place? {
        state.kept.min { $0.value.usedAt < $1.value.usedAt }?.key
    }

    private func remove(_ place: Place, _ state: inout State) {
        guard let kept = state.kept.removeValue(forKey: place) else { return }
        state.items -= ListCache.cost(kept.page)
        state.numbers[place.list]?.remove(place.number)
        if state.numbers[place.list]?.isEmpty ?? false { state.numbers[place.list] = nil }
    }
}
