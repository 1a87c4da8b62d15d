//! Each ruling of the dialect as an input and the whole of what it makes.

mod show;

use self::show::{check, check_with, regions};

#[test]
fn a_heading_of_the_card_level_is_a_card_and_the_title_names_the_deck() {
    check(
        "# AWS\n\n## What is ECS?\n\nA scheduler.\n\n## And EKS?\nKubernetes.\n",
        "basic AWS 3-5\n Front: What is ECS?\n Back: A scheduler.\n\
         basic AWS 7-8\n Front: And EKS?\n Back: Kubernetes.\n",
    );
}

#[test]
fn scratch() {
    let text = std::fs::read_to_string("/tmp/cases.txt").unwrap();
    for case in text.split("\n%%%%\n") {
        println!("=====\n{case}\n-----");
        show::print(case);
    }
}
