from fer_ros.link.expected import Expected


def test_a_result_of_an_image_that_was_sent_is_believed():
    expected = Expected()
    expected.sent(1_500_000_000, 2.0)
    assert expected.problem(1_500_000_000) == ""


def test_a_result_of_another_image_is_not():
    expected = Expected()
    expected.sent(1_500_000_000, 2.0)
    assert expected.problem(1_500_000_001) == "no image of 1.500 s was sent in the last 10 s"


def test_what_left_long_ago_is_forgotten():
    expected = Expected()
    for second in range(100):
        expected.sent(second, float(second))
    assert expected.problem(50)
    assert expected.problem(95) == ""
    assert len(expected._sent) <= 11


def test_a_clock_that_begins_anew_forgets_what_was_sent_before():
    expected = Expected()
    expected.sent(1, 1000.0)
    expected.sent(2, 1.0)
    assert expected.problem(1)
    assert expected.problem(2) == ""
