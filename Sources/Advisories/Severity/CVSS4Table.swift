/// The numbers of CVSS 4.0. Source: CVSS 4.0 specification, section 8, and its lookup table at first.org.
enum CVSS4Table {
    /// The worst vectors of each set of EQ1, as steps of AV, PR, UI.
    static let worstExploitability = [[[0, 0, 0]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[3, 0, 0], [1, 1, 1]]]
    /// EQ2, as steps of AC, AT.
    static let worstComplexity = [[[0, 0]], [[1, 0], [0, 1]]]
    /// EQ3 with EQ6, as steps of VC, VI, VA, CR, IR, AR.
    static let worstSystem = [
        [[0, 0, 0, 0, 0, 0]], [[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]], [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]],
        [[1, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 1], [0, 1, 0, 1, 0, 1], [0, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 1]],
        [[1, 1, 1, 0, 0, 0]],
    ]
    /// EQ4, as steps of SC, SI, SA.
    static let worstSubsequent = [[[1, 0, 0]], [[1, 1, 1]], [[2, 2, 2]]]
    /// How many steps a set is deep.
    static let exploitabilityDepth = [1, 4, 5]
    /// EQ2.
    static let complexityDepth = [1, 2]
    /// EQ3 with EQ6.
    static let systemDepth = [7, 6, 8, 8, 10]
    /// EQ4.
    static let subsequentDepth = [6, 5, 4]

    /// The score of a set's worst vector; nil when there is no such set.
    static func score(_ first: Int, _ second: Int, _ third: Int, _ fourth: Int, _ fifth: Int) -> Double? {
        guard (0..<3).contains(first), (0..<2).contains(second), (0..<5).contains(third), (0..<3).contains(fourth),
            (0..<3).contains(fifth)
        else {
            return nil
        }
        return Double(tenths[(((first * 2 + second) * 3 + fourth) * 3 + fifth) * 5 + third]) / 10
    }

    // One row for each EQ4; in it EQ5, and within that EQ3 with EQ6.
    private static let tenths: [UInt8] = [
        // EQ1 0, EQ2 0
        100, 99, 98, 95, 92, 98, 95, 95, 92, 82, 95, 92, 90, 84, 72,
        100, 96, 93, 92, 79, 93, 87, 89, 81, 69, 91, 81, 81, 65, 50,
        93, 90, 88, 80, 69, 89, 80, 78, 70, 55, 81, 68, 69, 48, 27,
        // EQ1 0, EQ2 1
        99, 97, 95, 93, 86, 95, 92, 92, 85, 75, 92, 85, 85, 73, 52,
        95, 91, 92, 82, 71, 90, 83, 80, 72, 52, 84, 71, 70, 59, 29,
        92, 81, 84, 70, 63, 82, 71, 71, 52, 29, 72, 53, 50, 30, 17,
        // EQ1 1, EQ2 0
        98, 95, 94, 89, 83, 94, 87, 88, 77, 70, 91, 81, 76, 67, 54,
        94, 89, 86, 76, 65, 86, 74, 74, 58, 58, 77, 64, 59, 50, 26,
        87, 75, 72, 57, 53, 74, 63, 57, 52, 21, 63, 49, 52, 25, 13,
        // EQ1 1, EQ2 1
        95, 90, 89, 78, 71, 88, 76, 76, 67, 59, 76, 70, 62, 58, 30,
        90, 77, 74, 59, 58, 75, 62, 57, 57, 26, 61, 53, 47, 23, 15,
        77, 66, 61, 52, 23, 68, 59, 57, 29, 13, 52, 30, 24, 16, 6,
        // EQ1 2, EQ2 0
        93, 87, 85, 75, 64, 86, 72, 74, 55, 51, 75, 58, 62, 51, 20,
        86, 74, 72, 57, 47, 74, 61, 55, 41, 21, 56, 34, 46, 19, 11,
        70, 54, 53, 36, 24, 52, 40, 34, 19, 9, 40, 22, 19, 8, 4,
        // EQ1 2, EQ2 1
        88, 75, 75, 55, 53, 73, 53, 58, 45, 24, 60, 50, 40, 21, 14,
        73, 55, 61, 51, 24, 59, 40, 48, 18, 12, 41, 20, 20, 9, 5,
        54, 43, 46, 18, 10, 45, 22, 17, 7, 3, 20, 11, 8, 2, 1,
    ]
}
