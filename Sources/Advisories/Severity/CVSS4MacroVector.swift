/// The equivalence set that a CVSS 4.0 vector falls in, and where in it the vector stands. Source: CVSS 4.0 specification,
/// section 8.2.
struct CVSS4MacroVector {
    /// Steps of each metric from its worst value, grouped as the specification's EQs group them.
    let exploitability: [Int]
    let complexity: [Int]
    let system: [Int]
    let requirements: [Int]
    let subsequent: [Int]
    let exploit: Int

    /// EQ1 by AV, PR and UI.
    private var first: Int {
        if exploitability == [0, 0, 0] { return 0 }
        return exploitability[0] != 3 && exploitability.contains(0) ? 1 : 2
    }

    /// EQ2 by AC and AT.
    private var second: Int { complexity == [0, 0] ? 0 : 1 }

    /// EQ3 and EQ6 together, by VC, VI, VA and their requirements: 0 to 4 for the pairs 00, 01, 10, 11 and 21.
    private var third: Int {
        let worst = zip(system, requirements).contains { $0 == 0 && $1 == 0 }
        if system[0] == 0, system[1] == 0 { return worst ? 0 : 1 }
        return system.contains(0) ? (worst ? 2 : 3) : 4
    }

    /// EQ4 by SC, SI and SA, whose worst step is safety.
    private var fourth: Int {
        if subsequent[1] == 0 || subsequent[2] == 0 { return 0 }
        return subsequent.contains(1) ? 1 : 2
    }

    var score: Double {
        guard let value = CVSS4Table.score(first, second, third, fourth, exploit) else { return 0 }
        // How far the score may fall within the set, and how much of that way the vector has gone, for each EQ.
        var falls: [Double] = []
        func add(_ lower: Double?, steps: Int, of depth: Int) {
            if let lower { falls.append((value - lower) * Double(steps) / Double(depth)) }
        }
        add(
            CVSS4Table.score(first + 1, second, third, fourth, exploit),
            steps: steps(exploitability, CVSS4Table.worstExploitability[first]),
            of: CVSS4Table.exploitabilityDepth[first]
        )
        add(
            CVSS4Table.score(first, second + 1, third, fourth, exploit),
            steps: steps(complexity, CVSS4Table.worstComplexity[second]),
            of: CVSS4Table.complexityDepth[second]
        )
        add(
            lowerThird.compactMap { CVSS4Table.score(first, second, $0, fourth, exploit) }.max(),
            steps: steps(system + requirements, CVSS4Table.worstSystem[third]),
            of: CVSS4Table.systemDepth[third]
        )
        add(
            CVSS4Table.score(first, second, third, fourth + 1, exploit),
            steps: steps(subsequent, CVSS4Table.worstSubsequent[fourth]),
            of: CVSS4Table.subsequentDepth[fourth]
        )
        add(CVSS4Table.score(first, second, third, fourth, exploit + 1), steps: 0, of: 1)
        let fall = falls.isEmpty ? 0 : falls.reduce(0, +) / Double(falls.count)
        // Binary fractions fall a hair short of the halves that the specification rounds up.
        return min(max(((value - fall + 1e-6) * 10).rounded(), 0), 100) / 10
    }

    /// The sets of EQ3 and EQ6 that lie one below.
    private var lowerThird: [Int] { [[1, 2], [3], [3], [4], []][third] }

    /// Steps down from the first of the set's worst vectors that is nowhere better than this one.
    private func steps(_ metrics: [Int], _ worst: [[Int]]) -> Int {
        for vector in worst {
            let distances = zip(metrics, vector).map { $0 - $1 }
            if distances.allSatisfy({ $0 >= 0 }) { return distances.reduce(0, +) }
        }
        return 0
    }
}
