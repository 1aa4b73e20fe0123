/// Numbers as a row of little bars, the highest of them as the highest bar, nothing as the lowest.
struct Trend {
    /// A narrow column beside others on a terminal of 80.
    static let width = 30
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// The bars, one for each number; of more than ``width`` numbers one for the last of a few. Nil, of which nothing is known, is a dot.
    let text: String

    init(_ numbers: [Int?]) {
        let count = min(numbers.count, Self.width)
        let shown = (0..<count).map { numbers[($0 + 1) * numbers.count / count - 1] }
        let highest = shown.compactMap { $0 }.max() ?? 0
        text = String(shown.map { Self.bar($0, highest) })
    }

    /// What is not nothing does not look like nothing.
    private static func bar(_ number: Int?, _ highest: Int) -> Character {
        guard let number else { return "·" }
        guard number > 0, highest > 0 else { return bars[0] }
        let share = Double(number) / Double(highest)
        return bars[min(bars.count - 1, max(1, Int((share * Double(bars.count - 1)).rounded())))]
    }
}
